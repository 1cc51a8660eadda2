package org.lazuli.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What a checkpoint says of a run besides its arrays. Numbers are written so that they are read back to the bit.
///
/// @param data what the run learns from, and in which order
/// @param position the number of steps of the epoch in progress
/// @param losses those of the epoch in progress
record RunNotes(String data, List<Epoch> history, int position, Mean losses, LossScale scale) {
    private static final String FORMAT = "lazuli.train";
    private static final String VERSION = "1";

    Map<String, String> write() {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(FORMAT, VERSION);
        notes.put("data", data);
        notes.put("epochs", String.valueOf(history.size()));
        notes.put("position", String.valueOf(position));
        notes.put("loss.sum", String.valueOf(losses.sum()));
        notes.put("loss.weight", String.valueOf(losses.weight()));
        notes.put("scale", String.valueOf(scale.scale()));
        notes.put("scale.steps", String.valueOf(scale.goodSteps()));
        for (Epoch epoch : history) {
            // The order of the metrics is part of the name: what is in the file is sorted.
            int place = 0;
            for (var metric : epoch.metrics().entrySet()) {
                notes.put(
                        "epoch." + epoch.number() + "." + place++ + "." + metric.getKey(),
                        String.valueOf(metric.getValue()));
            }
        }
        return notes;
    }

    /// @throws IllegalArgumentException if the notes are not a run's
    static RunNotes read(Path file, Map<String, String> notes, int growthInterval) {
        if (!VERSION.equals(notes.get(FORMAT))) {
            throw new IllegalArgumentException("checkpoint: " + file + " was not written by this version of Trainer: "
                    + FORMAT + " is " + notes.get(FORMAT) + " in it, not " + VERSION
                    + "; delete it to begin anew, or load its parts with Checkpoint.load");
        }
        try {
            List<Epoch> history = new ArrayList<>();
            for (int number = 1; number <= Integer.parseInt(get(notes, "epochs")); number++) {
                history.add(new Epoch(number, metrics(notes, "epoch." + number + ".")));
            }
            return new RunNotes(
                    get(notes, "data"),
                    history,
                    Integer.parseInt(get(notes, "position")),
                    new Mean(Double.parseDouble(get(notes, "loss.sum")), Long.parseLong(get(notes, "loss.weight"))),
                    new LossScale(
                            Double.parseDouble(get(notes, "scale")),
                            growthInterval,
                            Integer.parseInt(get(notes, "scale.steps"))));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "checkpoint: the notes in " + file + " are damaged: " + e.getMessage()
                            + "; delete it to begin anew",
                    e);
        }
    }

    private static SequencedMap<String, Double> metrics(Map<String, String> notes, String prefix) {
        List<String> names =
                notes.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        for (int place = 0; place < names.size(); place++) {
            String start = prefix + place + ".";
            for (String name : names) {
                if (name.startsWith(start)) {
                    metrics.put(name.substring(start.length()), Double.valueOf(get(notes, name)));
                }
            }
        }
        return metrics;
    }

    private static String get(Map<String, String> notes, String name) {
        String value = notes.get(name);
        if (value == null) {
            throw new NumberFormatException("there is no '" + name + "'");
        }
        return value;
    }
}

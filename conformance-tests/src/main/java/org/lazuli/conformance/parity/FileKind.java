package org.lazuli.conformance.parity;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.io.Npy;
import org.lazuli.io.Npz;
import org.lazuli.io.Safetensors;
import org.lazuli.io.Tensors;

/// Files of arrays: what sound ones hold, that malformed ones are refused, and that saving gives back what was loaded.
final class FileKind implements Kind {

    @Override
    public void run(Case one) throws IOException {
        JsonObject json = one.json();
        Path file = one.family().directory().resolve(json.get("path").getAsString());
        String format = json.get("format").getAsString();
        // A malformed file that the reference accepts is refused here all the same.
        if (one.mustBeRefused() || json.has("lenient")) {
            Refusal.check(() -> load(format, file));
            return;
        }
        Tensors got = load(format, file);
        check("loaded", got, one);
        Path copy = Files.createTempFile("parity", "." + format);
        try {
            save(format, copy, got);
            check("loaded again", load(format, copy), one);
            if (format.equals("safetensors") && json.has("bytes_from_save")) {
                long difference = Files.mismatch(file, copy);
                if (difference >= 0) {
                    throw new Mismatch("saved", "byte " + difference + " differs from the reference's own file");
                }
            }
        } finally {
            Files.delete(copy);
        }
    }

    private static void check(String part, Tensors got, Case one) {
        Map<String, Tensor> expected = one.namedTensors(one.json().get("tensors"));
        Comparison.check(part + " names", new TreeSet<>(got.arrays().keySet()), new TreeSet<>(expected.keySet()));
        expected.forEach((name, tensor) -> Comparison.check(
                part + " '" + name + "'", Objects.requireNonNull(got.arrays().get(name)), tensor, Tolerance.EXACT));
        Map<String, String> metadata = new HashMap<>();
        if (one.json().has("metadata")) {
            one.json()
                    .getAsJsonObject("metadata")
                    .entrySet()
                    .forEach(text -> metadata.put(text.getKey(), text.getValue().getAsString()));
        }
        Comparison.check(part + " metadata", got.metadata(), metadata);
    }

    private static Tensors load(String format, Path file) {
        return switch (format) {
            case "safetensors" -> Safetensors.load(file);
            case "npz" -> new Tensors(Npz.load(file), Map.of());
            case "npy" -> {
                LinkedHashMap<String, Array> single = new LinkedHashMap<>();
                single.put("", Npy.load(file));
                yield new Tensors(single, Map.of());
            }
            default -> throw new Unmapped("load_" + format);
        };
    }

    private static void save(String format, Path file, Tensors tensors) {
        switch (format) {
            case "safetensors" -> Safetensors.save(file, tensors.arrays(), tensors.metadata());
            case "npz" -> Npz.save(file, tensors.arrays());
            case "npy" -> Npy.save(file, tensors.arrays().firstEntry().getValue());
            default -> throw new Unmapped("save_" + format);
        }
    }
}

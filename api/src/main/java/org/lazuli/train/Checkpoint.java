package org.lazuli.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.io.Safetensors;
import org.lazuli.io.Tensors;
import org.lazuli.nn.Module;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// The state of several things in one file, to go on from: models, optimizers, the random state.
///
/// [Trainer] writes them by itself. For a loop of one's own:
///
/// ```java
/// var parts = Map.of("model", model, "optimizer", optimizer, "random", Random.state());
/// Checkpoint.save(file, parts, Map.of("epoch", "7"));
/// Map<String, String> notes = Checkpoint.load(file, parts);
/// ```
///
/// The file is in the safetensors format. It takes the place of an older one in one move when it is complete, so a
/// program that is killed while it writes leaves the older one. An array is called by its part and its path, such as
/// `model.layers.0.weight`.
public final class Checkpoint {
    private static final String FLOAT64 = "float64 ";

    private Checkpoint() {}

    /// Writes the state of all parts, evaluating it, and texts about it.
    ///
    /// @param parts by names without dots
    /// @throws org.lazuli.io.TensorFileException if the file cannot be written; an older one is then unchanged
    public static void save(Path file, Map<String, ? extends Stateful> parts, Map<String, String> notes) {
        SequencedMap<String, Array> arrays = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>(notes);
        parts.forEach((name, part) -> {
            checkName(name);
            part.state().flatten(name).forEach((path, array) -> {
                if (array.dtype() == DType.FLOAT64) {
                    // The format as MLX reads it has no float64: the bits go in halves, and a note has the shape.
                    texts.put(FLOAT64 + path, text(array.shape()));
                    arrays.put(path, array.reshape(-1).view(DType.UINT32));
                } else {
                    arrays.put(path, array);
                }
            });
        });
        Safetensors.save(file, arrays, texts);
    }

    /// Gives all parts the state that a file has for them.
    ///
    /// @param parts the same parts, of the same kinds and sizes, as were saved
    /// @return the texts that were saved
    /// @throws org.lazuli.io.TensorFileException if the file cannot be read
    /// @throws IllegalArgumentException if the file is not that of these parts; they are then unchanged
    public static Map<String, String> load(Path file, Map<String, ? extends Stateful> parts) {
        Tensors tensors = Safetensors.load(file);
        Map<String, String> notes = new LinkedHashMap<>(tensors.metadata());
        Map<String, SequencedMap<String, Array>> found = new LinkedHashMap<>();
        tensors.arrays().forEach((path, stored) -> {
            String shape = notes.remove(FLOAT64 + path);
            Array array = shape == null ? stored : stored.view(DType.FLOAT64).reshape(shape(shape));
            int dot = path.indexOf('.');
            String part = dot < 0 ? path : path.substring(0, dot);
            found.computeIfAbsent(part, _ -> new LinkedHashMap<>()).put(dot < 0 ? "" : path.substring(dot + 1), array);
        });
        if (!parts.keySet().containsAll(found.keySet())) {
            throw mismatch(file, "it has the parts " + found.keySet() + ", but " + parts.keySet() + " were asked for");
        }
        parts.forEach((name, part) -> {
            checkName(name);
            check(file, name, part, found.getOrDefault(name, new LinkedHashMap<>()));
        });
        parts.forEach((name, part) -> {
            if (found.containsKey(name)) {
                part.setState(Tree.unflatten(found.get(name)));
            }
        });
        return notes;
    }

    /// Holds what was found for a part against what the part has. An optimizer may have nothing yet.
    private static void check(Path file, String name, Stateful part, Map<String, Array> found) {
        Map<String, Array> own = part.state().flatten();
        own.forEach((path, array) -> {
            Array other = found.get(path);
            if (other != null && (!other.shape().equals(array.shape()) || other.dtype() != array.dtype())) {
                throw mismatch(
                        file,
                        "'" + path + "' of the " + name + " is " + other.dtype() + " of shape " + other.shape()
                                + " in it, but " + array.dtype() + " of shape " + array.shape() + " here");
            }
        });
        Set<String> missing = new LinkedHashSet<>(own.keySet());
        missing.removeAll(found.keySet());
        Set<String> extra = new LinkedHashSet<>(part instanceof Module ? found.keySet() : Set.of());
        extra.removeAll(own.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw mismatch(
                    file,
                    (missing.isEmpty() ? "" : "it lacks " + missing + " of the " + name)
                            + (missing.isEmpty() || extra.isEmpty() ? "" : ", and ")
                            + (extra.isEmpty() ? "" : "the " + name + " has no " + extra));
        }
    }

    private static IllegalArgumentException mismatch(Path file, String problem) {
        return new IllegalArgumentException("checkpoint: " + file + " is not of this run: " + problem
                + "; make the parts as they were when it was saved, or take another file");
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.contains(".")) {
            throw new IllegalArgumentException(
                    "checkpoint: a part's name has no dots and is not empty, so it cannot be '" + name + "'");
        }
    }

    private static String text(Shape shape) {
        StringBuilder text = new StringBuilder();
        for (int dim : shape.toArray()) {
            text.append(text.isEmpty() ? "" : ",").append(dim);
        }
        return text.toString();
    }

    private static Shape shape(String text) {
        if (text.isEmpty()) {
            return Shape.SCALAR;
        }
        String[] dims = text.split(",", -1);
        int[] shape = new int[dims.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Integer.parseInt(dims[i]);
        }
        return Shape.of(shape);
    }
}

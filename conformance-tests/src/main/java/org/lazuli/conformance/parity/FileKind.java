package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.io.Gguf;
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
            Refusal.check(() -> Ops.eval(load(format, file).arrays()));
            return;
        }
        Loaded got = load(format, file);
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

    private static void check(String part, Loaded got, Case one) {
        Map<String, Tensor> expected = one.namedTensors(one.json().get("tensors"));
        Comparison.check(part + " names", new TreeSet<>(got.arrays().keySet()), new TreeSet<>(expected.keySet()));
        expected.forEach((name, tensor) -> Comparison.check(
                part + " '" + name + "'", Objects.requireNonNull(got.arrays().get(name)), tensor, Tolerance.EXACT));
        Map<String, Object> metadata = new HashMap<>();
        if (one.json().has("metadata")) {
            one.json()
                    .getAsJsonObject("metadata")
                    .asMap()
                    .forEach((name, value) -> metadata.put(name, expected(value)));
        }
        Comparison.check(part + " metadata", got.metadata(), metadata);
    }

    /// A text, a list of texts, or numbers with their dtype.
    private static Object expected(JsonElement json) {
        if (json.isJsonPrimitive()) {
            return json.getAsString();
        }
        if (json.isJsonArray()) {
            return ModuleKind.strings(json);
        }
        JsonArray array = json.getAsJsonObject().getAsJsonArray("array");
        return described(Ops.array(
                plain(array.get(0)), DType.named(array.get(1).getAsString())));
    }

    private static Object plain(JsonElement json) {
        if (json.isJsonArray()) {
            return json.getAsJsonArray().asList().stream().map(FileKind::plain).toList();
        }
        return json.getAsJsonPrimitive().isBoolean() ? (Object) json.getAsBoolean() : Scalars.number(json);
    }

    private static Object described(Gguf.Value value) {
        return switch (value) {
            case Gguf.Text(String text) -> text;
            case Gguf.Texts(List<String> texts) -> texts;
            case Gguf.Numbers(Array numbers) -> described(numbers);
        };
    }

    private static String described(Array numbers) {
        return numbers.toString();
    }

    /// @param metadata texts, and what GGUF has besides as [#described] shows it
    private record Loaded(Map<String, Array> arrays, Map<String, Object> metadata, Map<String, Gguf.Value> values) {
        static Loaded of(Map<String, Array> arrays) {
            return new Loaded(arrays, Map.of(), Map.of());
        }
    }

    private static Loaded load(String format, Path file) {
        return switch (format) {
            case "safetensors" -> {
                Tensors tensors = Safetensors.load(file);
                yield new Loaded(tensors.arrays(), new HashMap<>(tensors.metadata()), Map.of());
            }
            case "npz" -> Loaded.of(Npz.load(file));
            case "npy" -> Loaded.of(Map.of("", Npy.load(file)));
            case "gguf" -> {
                Gguf.Contents contents = Gguf.load(file);
                Map<String, Object> metadata = new HashMap<>();
                contents.metadata().forEach((name, value) -> metadata.put(name, described(value)));
                yield new Loaded(contents.arrays(), metadata, contents.metadata());
            }
            default -> throw new Unmapped("load_" + format);
        };
    }

    private static void save(String format, Path file, Loaded loaded) {
        switch (format) {
            case "safetensors" -> {
                Map<String, String> metadata = new HashMap<>();
                loaded.metadata().forEach((name, text) -> metadata.put(name, (String) text));
                Safetensors.save(file, loaded.arrays(), metadata);
            }
            case "npz" -> Npz.save(file, loaded.arrays());
            case "npy" -> Npy.save(file, loaded.arrays().values().iterator().next());
            case "gguf" -> Gguf.save(file, loaded.arrays(), loaded.values());
            default -> throw new Unmapped("save_" + format);
        }
    }
}

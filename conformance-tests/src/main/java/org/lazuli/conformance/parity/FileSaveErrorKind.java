package org.lazuli.conformance.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.io.Gguf;
import org.lazuli.io.Safetensors;

/// Arrays that a format cannot hold, so that saving them must be refused, without a trace on the disk.
final class FileSaveErrorKind implements Kind {

    @Override
    public void run(Case one) throws IOException {
        String format = one.json().get("format").getAsString();
        Array array = one.tensor(one.json().get("array")).toArray();
        Path directory = Files.createTempDirectory("parity");
        Path file = directory.resolve("refused." + format);
        try {
            Refusal.check(() -> save(format, file, Map.of("x", array)));
            if (Files.exists(file)) {
                throw new Mismatch("refusal", "a file was left behind");
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static void save(String format, Path file, Map<String, Array> arrays) {
        switch (format) {
            case "safetensors" -> Safetensors.save(file, arrays);
            case "gguf" -> Gguf.save(file, arrays);
            default -> throw new Unmapped("save_" + format);
        }
    }
}

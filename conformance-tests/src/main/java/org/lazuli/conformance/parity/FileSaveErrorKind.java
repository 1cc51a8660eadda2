package org.lazuli.conformance.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.io.Safetensors;

/// Arrays that a format cannot hold, so that saving them must be refused, without a trace on the disk.
final class FileSaveErrorKind implements Kind {

    @Override
    public void run(Case one) throws IOException {
        String format = one.json().get("format").getAsString();
        if (!format.equals("safetensors")) {
            throw new Unmapped("save_" + format);
        }
        Array array = one.tensor(one.json().get("array")).toArray();
        Path directory = Files.createTempDirectory("parity");
        Path file = directory.resolve("refused." + format);
        try {
            Refusal.check(() -> Safetensors.save(file, Map.of("x", array)));
            if (Files.exists(file)) {
                throw new Mismatch("refusal", "a file was left behind");
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}

package org.lazuli.conformance.parity;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a directory with one small family, and runs it.
final class SmallCorpus {
    private final Path directory;
    private final List<String> cases = new ArrayList<>();
    private final List<float[]> tensors = new ArrayList<>();

    /// What the runner said.
    record Run(int status, String output) {}

    SmallCorpus(Path directory) {
        this.directory = directory;
    }

    /// Adds a vector of float32 and returns its key.
    String tensor(float... elements) {
        tensors.add(elements);
        return "\"t" + (tensors.size() - 1) + "\"";
    }

    SmallCorpus add(String name, String members) {
        cases.add("{\"name\": \"" + name + "\", " + members + "}");
        return this;
    }

    /// Adds a program of one operation on its inputs.
    SmallCorpus program(String name, String operation, String inputs, String members) {
        return add(name, """
                "kind": "program", "inputs": [%s], "steps": [{"op": "%s", "in": ["%%0", "%%1"]}],
                "outputs": ["%%s0"], %s
                """.formatted(inputs, operation, members));
    }

    Run run(String... options) throws IOException {
        Files.writeString(
                directory.resolve("small.json"),
                "{\"family\": \"small\", \"cases\": [" + String.join(",\n", cases) + "]}");
        Files.write(directory.resolve("small.safetensors"), tensorFile());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        arguments.addAll(List.of(options));
        int status = ParityRunner.run(arguments, new PrintStream(output, true, StandardCharsets.UTF_8));
        return new Run(status, output.toString(StandardCharsets.UTF_8));
    }

    private byte[] tensorFile() {
        List<String> members = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < tensors.size(); i++) {
            int length = tensors.get(i).length;
            members.add("\"t%d\": {\"dtype\": \"F32\", \"shape\": [%d], \"data_offsets\": [%d, %d]}"
                    .formatted(i, length, offset, offset + 4 * length));
            offset += 4 * length;
        }
        byte[] header = ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + offset).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        for (float[] elements : tensors) {
            for (float element : elements) {
                file.putFloat(element);
            }
        }
        return file.array();
    }
}

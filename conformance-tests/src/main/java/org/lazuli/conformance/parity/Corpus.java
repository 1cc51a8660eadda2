package org.lazuli.conformance.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A directory of reference results.
final class Corpus {

    private Corpus() {}

    /// The names of the families, in alphabetical order.
    static List<String> families(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    static Family family(Path directory, String name) throws IOException {
        return Family.read(directory, name);
    }
}

package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The cases of one manifest.
final class Family {
    private final String name;
    private final Path directory;
    private final Map<String, Tensor> tensors;
    private final List<Case> cases = new ArrayList<>();

    private Family(String name, Path directory, Map<String, Tensor> tensors) {
        this.name = name;
        this.directory = directory;
        this.tensors = tensors;
    }

    static Family read(Path directory, String manifest) throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(directory.resolve(manifest + ".json")))
                .getAsJsonObject();
        String name = json.get("family").getAsString();
        Family family = new Family(name, directory, TensorFile.read(directory.resolve(manifest + ".safetensors")));
        for (JsonElement element : json.getAsJsonArray("cases")) {
            JsonObject one = element.getAsJsonObject();
            family.cases.add(new Case(
                    family, one.get("name").getAsString(), one.get("kind").getAsString(), one));
        }
        return family;
    }

    String name() {
        return name;
    }

    /// The directory of the manifest.
    Path directory() {
        return directory;
    }

    List<Case> cases() {
        return cases;
    }

    Tensor tensor(String key) {
        return find(key).orElseThrow(() -> new NoSuchElementException("no tensor " + key + " in family " + name));
    }

    Optional<Tensor> find(String key) {
        return Optional.ofNullable(tensors.get(key));
    }
}

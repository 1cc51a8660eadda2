package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Cases where the library differs from the reference on purpose, each with the reason in words.
///
/// They are listed in `exclusions.txt`: a reason, and under it, indented, the cases with their fingerprints. An exclusion holds for
/// exactly the recorded case: another one of the same name has another fingerprint, and is run.
final class Exclusions {
    private static final String LIST = "exclusions.txt";
    private static final Map<String, String> REASONS = read();

    private Exclusions() {}

    /// Why the case is left out, if it is.
    static Optional<String> reason(Case one) {
        String name = one.family().name() + "/" + one.name();
        return REASONS.keySet().stream().anyMatch(key -> key.startsWith(name + " "))
                ? Optional.ofNullable(REASONS.get(name + " " + fingerprint(one)))
                : Optional.empty();
    }

    /// A digest of the case with all its tensors, as eight hexadecimal digits.
    static String fingerprint(Case one) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(one.json().toString().getBytes(StandardCharsets.UTF_8));
            addTensors(one, one.json(), digest);
            return HexFormat.of().formatHex(digest.digest(), 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void addTensors(Case one, JsonElement json, MessageDigest digest) {
        if (json.isJsonObject()) {
            json.getAsJsonObject().asMap().values().forEach(member -> addTensors(one, member, digest));
        } else if (json.isJsonArray()) {
            json.getAsJsonArray().forEach(element -> addTensors(one, element, digest));
        } else if (json.isJsonPrimitive()) {
            one.family()
                    .find(json.getAsString())
                    .ifPresent(tensor -> digest.update(tensor.bytes().toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    private static Map<String, String> read() {
        Map<String, String> reasons = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(Exclusions.class.getResourceAsStream(LIST), LIST);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String reason = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(" ")) {
                    reasons.put(line.strip(), reason);
                } else if (!line.isBlank()) {
                    reason = line.strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(reasons);
    }
}

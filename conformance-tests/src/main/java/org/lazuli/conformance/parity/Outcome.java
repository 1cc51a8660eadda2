package org.lazuli.conformance.parity;

import java.util.Optional;
import java.util.Set;

/// What came of a case.
sealed interface Outcome {

    record Passed() implements Outcome {}

    /// @param difference the part that failed, and its first differing element or what was thrown
    record Failed(String difference) implements Outcome {}

    /// @param names the operations, options, modules or functions that are not mapped
    record Unsupported(Set<String> names) implements Outcome {}

    /// @param reason why the library differs here on purpose
    record Excluded(String reason) implements Outcome {}

    /// Runs a case.
    static Outcome of(Case one) {
        Optional<String> reason = Exclusions.reason(one);
        if (reason.isPresent()) {
            return new Excluded(reason.get());
        }
        Kind kind = Kind.ALL.get(one.kind());
        if (kind == null) {
            return new Unsupported(Set.of("kind " + one.kind()));
        }
        try {
            kind.run(one);
            return new Passed();
        } catch (Mismatch e) {
            return new Failed(String.valueOf(e.getMessage()));
        } catch (Unmapped e) {
            return new Unsupported(e.names());
        } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
            return new Failed("threw " + Report.describe(e));
        }
    }
}

package org.lazuli.conformance.parity;

import org.lazuli.io.TensorFileException;

/// Cases that must be refused.
final class Refusal {

    private Refusal() {}

    /// Runs what must be refused.
    ///
    /// @throws Mismatch if it is not, or if what it throws is an accident inside the library instead of a refusal
    static void check(Runnable attempt) {
        try {
            attempt.run();
        } catch (Unmapped | Mismatch e) {
            throw e;
        } catch (RuntimeException e) {
            if (!isRefusal(e)) {
                throw new Mismatch("refusal", "an accident instead of a refusal: " + Report.describe(e));
            }
            return;
        }
        throw new Mismatch("refusal", "was accepted");
    }

    /// True if the library says no on purpose: the arguments, an index, the state or a file are wrong, and the message says, after the
    /// name of the operation and a colon, how. What the JDK says of its own indices and lists has no colon.
    static boolean isRefusal(RuntimeException e) {
        boolean sort = e instanceof IllegalArgumentException
                || e instanceof IndexOutOfBoundsException
                || e instanceof IllegalStateException
                || e instanceof UnsupportedOperationException
                || e instanceof TensorFileException;
        boolean accident = e instanceof NumberFormatException
                || e instanceof ArrayIndexOutOfBoundsException
                || e instanceof StringIndexOutOfBoundsException;
        return sort && !accident && e.getMessage() != null && e.getMessage().contains(": ");
    }
}

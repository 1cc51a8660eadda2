package org.lazuli.conformance;

/// One thing to prove of one operation on one dtype: a test of its own, and a result in the report.
///
/// @param operation the row's operation, or `backend`
/// @param dtype the dtype in words, or nothing
/// @param body proves it
record Check(String operation, String dtype, String name, Body body) {
    /// Tries inputs drawn from a seed, and says what came of them.
    @FunctionalInterface
    interface Body {
        Tally run(long seed);
    }

    /// `Unary.EXP/float32/values`, `backend/memory`.
    String id() {
        return operation + "/" + (dtype.isEmpty() ? "" : dtype + "/") + name;
    }
}

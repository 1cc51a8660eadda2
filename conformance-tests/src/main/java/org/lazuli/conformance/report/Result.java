package org.lazuli.conformance.report;

import org.jspecify.annotations.Nullable;

/// What came of one check of one operation on one dtype.
///
/// @param operation what was checked, such as `exp`; `backend` for what concerns no operation in particular
/// @param dtype the dtype it was checked on, such as `float32`; empty where there is none
/// @param check the check's name, such as `values`
/// @param outcome what came of it
/// @param inputs how many inputs it was tried on
/// @param reason why it is unsupported, a known gap or untested
/// @param failure what was found, where it failed; a known gap may have one too
public record Result(
        String operation,
        String dtype,
        String check,
        Outcome outcome,
        int inputs,
        @Nullable String reason,
        @Nullable Failure failure) {

    public Result {
        if (operation.isBlank() || check.isBlank()) {
            throw new IllegalArgumentException("a result needs the names of an operation and a check, not '" + operation
                    + "' and '" + check + "'");
        }
        if (inputs < 0) {
            throw new IllegalArgumentException("a result can not have " + inputs + " inputs");
        }
        boolean needsReason = switch (outcome) {
            case PASSED, FAILED -> false;
            case UNSUPPORTED, KNOWN_GAP, UNTESTED -> true;
        };
        if (needsReason && (reason == null || reason.isBlank())) {
            throw new IllegalArgumentException(operation + ", " + check + ": '" + outcome + "' needs a reason");
        }
        if (outcome == Outcome.FAILED && failure == null) {
            throw new IllegalArgumentException(operation + ", " + check + ": a failure says what was found");
        }
        if (failure != null && outcome != Outcome.FAILED && outcome != Outcome.KNOWN_GAP) {
            throw new IllegalArgumentException(operation + ", " + check + ": '" + outcome + "' has no failure");
        }
    }

    public static Result passed(String operation, String dtype, String check, int inputs) {
        return new Result(operation, dtype, check, Outcome.PASSED, inputs, null, null);
    }

    public static Result failed(String operation, String dtype, String check, int inputs, Failure failure) {
        return new Result(operation, dtype, check, Outcome.FAILED, inputs, null, failure);
    }

    /// The backend does not run this; `inputs` is how often its refusal was proved.
    public static Result unsupported(String operation, String dtype, String check, int inputs, String reason) {
        return new Result(operation, dtype, check, Outcome.UNSUPPORTED, inputs, reason, null);
    }

    /// It fails, as its author said it would.
    public static Result knownGap(
            String operation, String dtype, String check, int inputs, String reason, @Nullable Failure failure) {
        return new Result(operation, dtype, check, Outcome.KNOWN_GAP, inputs, reason, failure);
    }

    public static Result untested(String operation, String dtype, String check, String reason) {
        return new Result(operation, dtype, check, Outcome.UNTESTED, 0, reason, null);
    }

    /// The operation, the dtype and the check: what a report calls this result, such as `exp float32 values`.
    public String name() {
        return operation + (dtype.isEmpty() ? " " : " " + dtype + " ") + check;
    }
}

package org.lazuli.conformance;

import org.lazuli.conformance.report.Failure;

/// What a check found wrong, before it is known how small the input can be made.
///
/// @param kind what is wrong in a word, so that shrinking does not pass from one defect to another
/// @param java a snippet that shows it
record Finding(String kind, String got, String reference, String error, String allowed, String input, String java) {

    /// Something else than a wrong number.
    static Finding of(String got, String reference, String input, String java) {
        return new Finding("contract", got, reference, "", "", input, java);
    }

    static Finding thrown(Throwable problem, String reference, String input, String java) {
        StringBuilder text = new StringBuilder(problem.toString());
        StackTraceElement[] trace = problem.getStackTrace();
        for (int i = 0; i < Math.min(trace.length, 4); i++) {
            text.append("\n  at ").append(trace[i]);
        }
        return new Finding(problem.getClass().getName(), text.toString(), reference, "", "", input, java);
    }

    Failure failure(String command) {
        return new Failure(got, reference, error, allowed, input, java, command);
    }
}

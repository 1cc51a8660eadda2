package org.lazuli.conformance.report;

/// What a check found, and how to see it again. A part that a check has nothing to say about is empty: an exception has no
/// error bound.
///
/// @param got what the backend gave: a value, or what it threw
/// @param reference what the reference gives
/// @param error how far apart they are, with its unit
/// @param allowed the bound that was derived for this input
/// @param input the operands, shrunk as far as the check still fails
/// @param java statements that reproduce the difference
/// @param command the shell command that reruns this check alone
public record Failure(
        String got, String reference, String error, String allowed, String input, String java, String command) {

    /// The parts that are not empty, one a line, each after its name.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append("got", got, text);
        append("reference", reference, text);
        append("error", error, text);
        append("allowed", allowed, text);
        append("input", input, text);
        append("java", java, text);
        append("command", command, text);
        return text.toString();
    }

    private static void append(String name, String value, StringBuilder text) {
        if (!value.isEmpty()) {
            String indented = value.strip().replace("\n", "\n           ");
            text.append(text.isEmpty() ? "" : "\n")
                    .append(String.format("%-9s  ", name))
                    .append(indented);
        }
    }
}

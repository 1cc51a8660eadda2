package org.lazuli.conformance;

import java.util.Arrays;
import java.util.List;

/// What a run can be told by system properties; by default nothing.
///
/// @param only patterns of the checks to run, parted by commas: `Unary.EXP/float32/values`, or less of it, or `*` for a part of it
/// @param seed another seed draws other inputs
/// @param tries how many inputs to try, as a multiple of what is usual
record Settings(List<String> only, long seed, double tries) {
    static final String ONLY = "lazuli.conformance.only";
    static final String SEED = "lazuli.conformance.seed";
    static final String TRIES = "lazuli.conformance.tries";

    static Settings read() {
        String only = System.getProperty(ONLY, "");
        return new Settings(
                Arrays.stream(only.split(",", -1))
                        .map(String::strip)
                        .filter(pattern -> !pattern.isEmpty())
                        .toList(),
                Long.getLong(SEED, 0),
                Double.parseDouble(System.getProperty(TRIES, "1")));
    }

    int tries(int usual) {
        return Math.max(1, (int) Math.round(usual * tries));
    }

    /// The seed of a check: a hash of its name, so that it draws the same inputs whatever else runs.
    long seed(String id) {
        return id.hashCode() + seed * 0x9E3779B97F4A7C15L;
    }

    boolean selects(String id) {
        return only.isEmpty() || only.stream().anyMatch(pattern -> matches(pattern, id));
    }

    /// Whether a pattern names this check: part by part, where `*` is any part and missing parts at the end are any.
    static boolean matches(String pattern, String id) {
        String[] wanted = pattern.split("/", -1);
        String[] parts = id.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (i >= parts.length || !List.of("*", parts[i]).contains(wanted[i])) {
                return false;
            }
        }
        return true;
    }
}

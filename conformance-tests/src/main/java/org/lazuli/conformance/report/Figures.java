package org.lazuli.conformance.report;

/// How many results had each outcome.
public record Figures(int passed, int failed, int unsupported, int knownGaps, int untested) {
    static final Figures NONE = new Figures(0, 0, 0, 0, 0);

    /// All results: the sum of the others.
    public int cases() {
        return passed + failed + unsupported + knownGaps + untested;
    }

    /// The number of results with this outcome.
    public int count(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> passed;
            case FAILED -> failed;
            case UNSUPPORTED -> unsupported;
            case KNOWN_GAP -> knownGaps;
            case UNTESTED -> untested;
        };
    }

    Figures plus(Outcome outcome) {
        return new Figures(
                passed + (outcome == Outcome.PASSED ? 1 : 0),
                failed + (outcome == Outcome.FAILED ? 1 : 0),
                unsupported + (outcome == Outcome.UNSUPPORTED ? 1 : 0),
                knownGaps + (outcome == Outcome.KNOWN_GAP ? 1 : 0),
                untested + (outcome == Outcome.UNTESTED ? 1 : 0));
    }

    /// For example `120 cases: 100 passed, 0 failed, 18 unsupported, 2 known gaps, 0 untested`.
    @Override
    public String toString() {
        return cases() + (cases() == 1 ? " case: " : " cases: ") + passed + " passed, " + failed + " failed, "
                + unsupported + " unsupported, " + knownGaps + (knownGaps == 1 ? " known gap, " : " known gaps, ")
                + untested + " untested";
    }
}

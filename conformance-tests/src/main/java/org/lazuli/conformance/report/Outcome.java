package org.lazuli.conformance.report;

/// What came of a check. Nothing is skipped: a check that did not run is [#UNTESTED], and a backend conforms with none of those.
public enum Outcome {
    PASSED("passed"),
    FAILED("failed"),
    /// The backend says that it does not run this, and its refusal was proved: the call throws and leaves everything as it was.
    UNSUPPORTED("unsupported"),
    /// Fails, and the backend's author said so beforehand, with a reason. One that passes is a failure.
    KNOWN_GAP("known gap"),
    UNTESTED("untested");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /// One word: what a report calls it in data, such as `known-gap`.
    String key() {
        return text.replace(' ', '-');
    }

    /// In words, for people.
    @Override
    public String toString() {
        return text;
    }
}

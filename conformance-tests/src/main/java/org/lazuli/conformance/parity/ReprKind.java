package org.lazuli.conformance.parity;

/// The text of an array.
final class ReprKind implements Kind {

    @Override
    public void run(Case one) {
        if (one.json().has("precision")) {
            throw new Unmapped("set_printoptions");
        }
        Comparison.check(
                "text",
                one.tensor(one.json().get("array")).toArray().toString(),
                one.json().get("expect").getAsString());
    }
}

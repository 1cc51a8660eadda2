package org.lazuli.conformance.parity;

import org.lazuli.Array;
import org.lazuli.Printing;

/// The text of an array.
final class ReprKind implements Kind {

    @Override
    public void run(Case one) {
        int precision =
                one.json().has("precision") ? one.json().get("precision").getAsInt() : Printing.DEFAULT_PRECISION;
        Array array = one.tensor(one.json().get("array")).toArray();
        Comparison.check(
                "text",
                Printing.withPrecision(precision, array::toString),
                one.json().get("expect").getAsString());
    }
}

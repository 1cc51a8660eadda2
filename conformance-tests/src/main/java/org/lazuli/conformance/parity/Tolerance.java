package org.lazuli.conformance.parity;

import com.google.gson.JsonObject;

/// How far a result may be from the reference: `|got - expected| <= absolute + relative * |expected|`, or not at all.
record Tolerance(boolean exact, double relative, double absolute) {

    static final Tolerance EXACT = new Tolerance(true, 0, 0);

    /// The tolerance that a case, or a part of one, states.
    static Tolerance of(JsonObject json) {
        if (json.has("exact") && json.get("exact").getAsBoolean()) {
            return EXACT;
        }
        return new Tolerance(
                false, json.get("rtol").getAsDouble(), json.get("atol").getAsDouble());
    }

    /// The tolerance of a part, which is that of its case if the part states none.
    static Tolerance of(JsonObject part, JsonObject whole) {
        return part.has("rtol") || part.has("exact") ? of(part) : of(whole);
    }

    double allowed(double expected) {
        return absolute + relative * Math.abs(expected);
    }
}

package org.lazuli.conformance.parity;

import com.google.gson.JsonElement;
import java.util.List;
import org.lazuli.Array;
import org.lazuli.Random;

/// A sequence of random numbers from the global state.
final class RandomStateKind implements Kind {

    @Override
    public void run(Case one) {
        List<Array> inputs = one.tensors(one.json().get("inputs")).stream()
                .map(Tensor::toArray)
                .toList();
        Random.seed(seed(one.json().get("seed")));
        int number = 0;
        for (JsonElement call : one.json().getAsJsonArray("calls")) {
            String part =
                    "call " + number++ + " " + call.getAsJsonObject().get("op").getAsString();
            Value value = Program.call(call.getAsJsonObject(), inputs);
            if (!(value instanceof Value.One(Array got))) {
                throw new Mismatch(part, "gave several results");
            }
            Comparison.check(part, got, one.tensor(call.getAsJsonObject().get("expect")), one.tolerance());
        }
    }

    /// A seed has 64 bits without a sign.
    static long seed(JsonElement json) {
        return Long.parseUnsignedLong(json.getAsString());
    }
}

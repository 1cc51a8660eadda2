package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// A learning rate schedule at several steps.
final class ScheduleKind implements Kind {

    @Override
    public void run(Case one) {
        JsonObject json = one.json();
        if (one.mustBeRefused()) {
            Refusal.check(() -> OptimizerTable.schedule(json.getAsJsonObject("schedule")));
            return;
        }
        Unary schedule = OptimizerTable.schedule(json.getAsJsonObject("schedule"));
        JsonArray steps = json.getAsJsonArray("steps");
        for (int i = 0; i < steps.size(); i++) {
            int step = steps.get(i).getAsInt();
            Comparison.check(
                    "step " + step,
                    schedule.apply(Ops.array(step, DType.UINT64)).item(),
                    json.getAsJsonArray("expect").get(i),
                    one.tolerance());
        }
    }
}

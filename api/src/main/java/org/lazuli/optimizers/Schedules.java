package org.lazuli.optimizers;

import java.util.List;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;

/// Learning rate schedules: functions from the number of steps taken, a scalar array, to a learning rate.
///
/// ```java
/// var warmup = Schedules.linearSchedule(0, 0.1, 100);
/// var decay = Schedules.cosineDecay(0.1, 10_000);
/// var optimizer = new Sgd(Schedules.joinSchedules(List.of(warmup, decay), List.of(100)));
/// ```
///
/// See also: MLX, *Schedulers*.
public final class Schedules {
    private Schedules() {}

    /// `init * decayRate^step`.
    public static Unary exponentialDecay(double init, double decayRate) {
        return step -> Ops.pow(decayRate, step).mul(init);
    }

    /// `init`, multiplied by `decayRate` every `stepSize` steps.
    ///
    /// @throws IllegalArgumentException if `stepSize` is not positive
    public static Unary stepDecay(double init, double decayRate, int stepSize) {
        checkPositive("stepDecay", "stepSize", stepSize);
        return step -> Ops.pow(decayRate, step.floorDivide(stepSize)).mul(init);
    }

    /// From `init` to 0 in `decaySteps` steps, along half a cosine wave.
    ///
    /// @throws IllegalArgumentException if `decaySteps` is not positive
    public static Unary cosineDecay(double init, int decaySteps) {
        return cosineDecay(init, decaySteps, 0.0);
    }

    /// From `init` to `end` in `decaySteps` steps, along half a cosine wave.
    ///
    /// @throws IllegalArgumentException if `decaySteps` is not positive
    public static Unary cosineDecay(double init, int decaySteps, double end) {
        checkPositive("cosineDecay", "decaySteps", decaySteps);
        return step -> {
            Array angle = Ops.minimum(step, decaySteps).mul(Math.PI / decaySteps);
            Array share = angle.cos().add(1).mul(0.5);
            return share.mul(init - end).add(end);
        };
    }

    /// From `init` to `end` in `steps` equal steps, then `end`.
    ///
    /// @throws IllegalArgumentException if `steps` is not positive
    public static Unary linearSchedule(double init, double end, int steps) {
        checkPositive("linearSchedule", "steps", steps);
        return step -> Ops.minimum(step, steps).mul((end - init) / steps).add(init);
    }

    /// The schedules one after another, each starting anew at its boundary.
    ///
    /// @param boundaries the numbers of steps at which to go on to the next schedule, one fewer than there are schedules
    /// @throws IllegalArgumentException if there is no schedule, or the number of boundaries does not fit
    public static Unary joinSchedules(List<? extends Unary> schedules, List<Integer> boundaries) {
        if (schedules.isEmpty()) {
            throw new IllegalArgumentException("joinSchedules: give at least one schedule");
        }
        if (boundaries.size() != schedules.size() - 1) {
            throw new IllegalArgumentException("joinSchedules: " + schedules.size() + " schedules need "
                    + (schedules.size() - 1) + " boundaries, not " + boundaries.size());
        }
        return step -> {
            Array value = schedules.getFirst().apply(step);
            for (int i = 0; i < boundaries.size(); i++) {
                int boundary = boundaries.get(i);
                Array next = schedules.get(i + 1).apply(step.sub(boundary));
                value = Ops.where(step.lt(boundary), value, next);
            }
            return value;
        };
    }

    private static void checkPositive(String operation, String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(operation + ": " + name + " must be greater than 0, not " + value);
        }
    }
}

package org.lazuli.conformance.parity;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;

/// A program, its values, and its transformations.
final class ProgramKind implements Kind {

    @Override
    public void run(Case one) {
        Program program = Program.read(one.json());
        Set<String> unmapped = new TreeSet<>();
        program.collectUnmapped(unmapped);
        if (!unmapped.isEmpty()) {
            throw new Unmapped(unmapped);
        }
        List<Array> inputs = arrays(one.tensors(one.json().get("inputs")));
        if (one.mustBeRefused()) {
            Refusal.check(() -> Ops.eval(program.apply(inputs)));
            return;
        }
        Comparison.check("value", program.apply(inputs), one.tensors(one.json().get("expect")), one.tolerance());
        part(one, "vjp", part -> vjp(one, part, program, inputs));
        part(one, "jvp", part -> jvp(one, part, program, inputs));
        part(one, "vmap", part -> vmap(one, part, program));
        part(one, "grad_of_grad", part -> gradOfGrad(one, part, program, inputs));
        part(one, "vmap_grad", part -> vmapGrad(one, part, program));
    }

    private interface Part {
        void run(JsonObject json);
    }

    /// Runs a part that the case may have. Whatever it throws is reported under its name.
    private static void part(Case one, String name, Part part) {
        if (!one.json().has(name)) {
            return;
        }
        try {
            part.run(one.json().getAsJsonObject(name));
        } catch (Mismatch | Unmapped e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            throw new Mismatch(name, "threw " + Report.describe(e));
        }
    }

    private static void vjp(Case one, JsonObject part, Program program, List<Array> inputs) {
        int[] wrt = Call.integers(part.get("wrt"));
        List<Array> got = Transforms.vjp(
                        restricted(program, inputs, wrt),
                        chosen(inputs, wrt),
                        arrays(one.tensors(part.get("cotangents"))))
                .derivatives();
        checkEach("vjp", wrt, got, one, part);
    }

    private static void jvp(Case one, JsonObject part, Program program, List<Array> inputs) {
        int[] wrt = Call.integers(part.get("wrt"));
        List<Array> got = Transforms.jvp(
                        restricted(program, inputs, wrt),
                        chosen(inputs, wrt),
                        arrays(one.tensors(part.get("tangents"))))
                .derivatives();
        Comparison.check("jvp", got, one.tensors(part.get("expect")), Tolerance.of(part, one.json()));
    }

    private static void vmap(Case one, JsonObject part, Program program) {
        List<Array> got = Transforms.vmapList(program, axes(part, "in_axes"), axes(part, "out_axes"))
                .apply(arrays(one.tensors(part.get("inputs"))));
        Comparison.check("vmap", got, one.tensors(part.get("expect")), Tolerance.of(part, one.json()));
    }

    /// With s the sum of output 0, the gradient of sum(grad s * direction).
    private static void gradOfGrad(Case one, JsonObject part, Program program, List<Array> inputs) {
        int[] wrt = Call.integers(part.get("wrt"));
        List<Array> direction = arrays(one.tensors(part.get("direction")));
        Nary gradient = Transforms.gradList(firstOutputSum(restricted(program, inputs, wrt)), all(wrt.length));
        Nary slope = chosen -> {
            List<Array> gradients = gradient.apply(chosen);
            Array sum = gradients.get(0).mul(direction.get(0)).sum();
            for (int i = 1; i < gradients.size(); i++) {
                sum = sum.add(gradients.get(i).mul(direction.get(i)).sum());
            }
            return List.of(sum);
        };
        List<Array> got = Transforms.gradList(slope, all(wrt.length)).apply(chosen(inputs, wrt));
        checkEach("grad_of_grad", wrt, got, one, part);
    }

    private static void vmapGrad(Case one, JsonObject part, Program program) {
        int[] wrt = Call.integers(part.get("wrt"));
        Nary gradient = Transforms.gradList(firstOutputSum(program), wrt);
        List<Array> got = Transforms.vmapList(gradient, axes(part, "in_axes"), new int[wrt.length])
                .apply(arrays(one.tensors(part.get("inputs"))));
        checkEach("vmap_grad", wrt, got, one, part);
    }

    private static int[] axes(JsonObject part, String name) {
        return FunctionOperations.axes(part.get(name));
    }

    private static void checkEach(String name, int[] wrt, List<Array> got, Case one, JsonObject part) {
        List<Tensor> expected = one.tensors(part.get("expect"));
        if (got.size() != expected.size()) {
            throw new Mismatch(name, "got " + got.size() + " gradients, expected " + expected.size());
        }
        for (int i = 0; i < wrt.length; i++) {
            Comparison.check(name + " of input " + wrt[i], got.get(i), expected.get(i), Tolerance.of(part, one.json()));
        }
    }

    /// The program as a function of some of its inputs, the others fixed.
    private static Nary restricted(Nary program, List<Array> inputs, int[] wrt) {
        return chosen -> {
            List<Array> all = new ArrayList<>(inputs);
            for (int i = 0; i < wrt.length; i++) {
                all.set(wrt[i], chosen.get(i));
            }
            return program.apply(all);
        };
    }

    /// The sum of output 0, in float32 if it is of lower precision.
    private static Nary firstOutputSum(Nary program) {
        return inputs -> {
            Array first = program.apply(inputs).getFirst();
            boolean half = first.dtype() == DType.FLOAT16 || first.dtype() == DType.BFLOAT16;
            return List.of((half ? first.astype(DType.FLOAT32) : first).sum());
        };
    }

    private static List<Array> chosen(List<Array> inputs, int[] wrt) {
        List<Array> result = new ArrayList<>();
        for (int i : wrt) {
            result.add(inputs.get(i));
        }
        return result;
    }

    private static int[] all(int count) {
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[i] = i;
        }
        return result;
    }

    private static List<Array> arrays(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::toArray).toList();
    }
}

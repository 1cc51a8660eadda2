package org.lazuli.conformance.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.function.Ternary;
import org.lazuli.spi.TensorSpec;

/// A straight-line program: each step makes a value from three earlier ones, or from fewer of them.
///
/// @param inputs what it starts from
/// @param steps what it does, in order
/// @param outputs which values it returns; the inputs are the first values
/// @param seed where the values of the inputs come from
record Program(List<Input> inputs, List<Step> steps, List<Integer> outputs, long seed) {

    /// How an input lies in memory.
    enum Layout {
        ROWS,
        TRANSPOSED,
        BACKWARDS,
        EVERY_SECOND
    }

    record Input(TensorSpec spec, Layout layout) {}

    /// @param text the operation, with `%1$s`, `%2$s` and `%3$s` for its operands
    /// @param operands the numbers of three values
    record Step(String text, List<Integer> operands, Ternary function) {
        Array apply(List<Array> values) {
            return function.apply(
                    values.get(operands.get(0)), values.get(operands.get(1)), values.get(operands.get(2)));
        }
    }

    /// Evaluated inputs, drawn for the `number`-th time.
    List<Array> draw(int number) {
        Random random = new Random(seed * 31 + number);
        List<Array> arrays = new ArrayList<>();
        for (Input input : inputs) {
            arrays.add(array(input, random).eval());
        }
        return arrays;
    }

    private static Array array(Input input, Random random) {
        TensorSpec spec = input.spec();
        Shape shape = spec.shape();
        int last = shape.rank() - 1;
        return switch (shape.rank() == 0 ? Layout.ROWS : input.layout()) {
            case ROWS -> array(spec.dtype(), shape, random);
            case TRANSPOSED -> {
                int[] reversed = IntStream.rangeClosed(0, last)
                        .map(i -> shape.dim(last - i))
                        .toArray();
                yield array(spec.dtype(), Shape.of(reversed), random).transpose();
            }
            case BACKWARDS -> array(spec.dtype(), shape, random).flip();
            case EVERY_SECOND ->
                array(spec.dtype(), shape.with(last, 2 * shape.dim(last)), random)
                        .get(Index.rest(), Index.all().step(2));
        };
    }

    private static Array array(DType dtype, Shape shape, Random random) {
        double[] values = new double[shape.size() * (dtype.isComplex() ? 2 : 1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (dtype.category()) {
                case BOOL -> random.nextInt(2);
                case UNSIGNED -> random.nextInt(10);
                case SIGNED -> random.nextInt(-5, 10);
                // The same number in float32 and float64.
                case FLOATING, COMPLEX -> (float) (4 * random.nextDouble() - 2);
            };
        }
        return Sample.array(values, new TensorSpec(dtype, shape));
    }

    /// All values: the inputs, and the result of each step.
    List<Array> values(List<Array> arguments) {
        List<Array> values = new ArrayList<>(arguments);
        steps.forEach(step -> values.add(step.apply(values)));
        return values;
    }

    /// The outputs.
    List<Array> run(List<Array> arguments) {
        List<Array> values = values(arguments);
        return outputs.stream().map(values::get).toList();
    }

    /// The outputs, with every value computed and kept as soon as it is there.
    List<Array> runStepByStep(List<Array> arguments) {
        List<Array> values = new ArrayList<>(arguments);
        for (Step step : steps) {
            values.add(step.apply(values).eval());
        }
        return outputs.stream().map(values::get).toList();
    }

    /// The inputs, the steps as Java, and the outputs.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("from seed " + seed + ":\n");
        for (int i = 0; i < inputs.size(); i++) {
            text.append("    v").append(i).append(" = ").append(inputs.get(i)).append('\n');
        }
        for (int i = 0; i < steps.size(); i++) {
            Object[] names = steps.get(i).operands().stream().map(n -> "v" + n).toArray();
            text.append("    v").append(inputs.size() + i).append(" = ");
            text.append(String.format(steps.get(i).text(), names)).append('\n');
        }
        return text + "    return " + outputs.stream().map(n -> "v" + n).collect(Collectors.joining(", "));
    }

    /// The arrays' elements as numbers to compare bit by bit: NaN is NaN, and zeros have signs.
    static List<List<Long>> bits(List<Array> arrays) {
        Ops.eval(arrays);
        return arrays.stream().map(Program::bits).toList();
    }

    private static List<Long> bits(Array array) {
        return array.dtype().isInexact() || array.dtype() == DType.BOOL
                ? java.util.Arrays.stream(Numbers.of(array))
                        .mapToObj(Double::doubleToLongBits)
                        .toList()
                : java.util.Arrays.stream(array.toLongArray()).boxed().toList();
    }
}

package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.export.Export;
import org.lazuli.function.Nary;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;

/// A function that was written to a file and read gives the bits of the function, for every instruction, its gradient and its batched form; and the
/// imported function is transformed like the function.
class ExportLawTest {
    /// The pseudoinverse has a gradient of its own, which holds at equal singular values, and leaves it behind; its graph goes through a
    /// decomposition that has no derivative there.
    private static final String WITHOUT_DERIVATIVE = "pinv where singular values are equal";

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> anImportedFunctionIsTheFunction() {
        return Laws.each("exported", Rows.ALL, 2, (row, sample) -> {
            List<Array> inputs = sample.draw(0);
            Nary imported = check("the function", sample.function(), inputs);
            Nary gradient = gradient(sample, sample.function());
            check("its gradient", gradient, inputs);
            if (!row.equals(Rows.ALL.get(WITHOUT_DERIVATIVE))) {
                checkGradient(
                        sample,
                        gradient.apply(inputs),
                        gradient(sample, imported).apply(inputs));
            }
            Nary mapped = Transforms.vmapList(sample.function(), new int[inputs.size()]);
            List<Array> batch = twice(sample);
            check("its batched form", mapped, batch);
            assertEquals(
                    Program.bits(mapped.apply(batch)),
                    Program.bits(Transforms.vmapList(imported, new int[inputs.size()])
                            .apply(batch)),
                    "the batched form of the imported function");
        });
    }

    /// A function that brings a gradient of its own, as softmax does, leaves it behind: what its graph gives instead is rounded differently.
    private static void checkGradient(Sample sample, List<Array> expected, List<Array> actual) {
        if (Instructions.in(sample.function().apply(sample.draw(0))).contains("Custom")) {
            Near.check("the gradient of the imported function", sample.summing(), expected, actual, 64, 1);
        } else {
            assertEquals(Program.bits(expected), Program.bits(actual), "the gradient of the imported function");
        }
    }

    private Nary check(String what, Nary function, List<Array> inputs) {
        Path file = directory.resolve("function");
        Export.exportFunction(file, function, inputs);
        Nary imported = Export.importFunction(file);
        assertEquals(Program.bits(function.apply(inputs)), Program.bits(imported.apply(inputs)), what);
        return imported;
    }

    private static Nary gradient(Sample sample, Nary function) {
        int[] argnums = sample.differentiable().stream().mapToInt(i -> i).toArray();
        Nary sum = in -> {
            Array total = Ops.array(0.0);
            for (Array result : function.apply(in)) {
                total = total.add((result.dtype().isComplex() ? result.real() : result).sum());
            }
            return List.of(total);
        };
        return argnums.length == 0 ? sum : Transforms.gradList(sum, argnums);
    }

    private static List<Array> twice(Sample sample) {
        List<Array> result = new ArrayList<>();
        for (int i = 0; i < sample.operands().size(); i++) {
            result.add(Ops.stack(List.of(sample.draw(0).get(i), sample.draw(1).get(i))));
        }
        return result;
    }

    // ------------------------------------------------------------------------------------------ what records hold

    /// A file can hold records of these; what is added to an instruction must be one of them, or be taught to the format.
    @Test
    void everyInstructionHoldsWhatAFileCanHold() {
        Set<String> strange = new TreeSet<>();
        int checked = check(Primitive.class, strange) + check(Accelerated.class, strange);
        assertEquals(Set.of(), strange);
        assertTrue(checked > 30, checked + " records");
    }

    private static int check(Class<?> type, Set<String> strange) {
        if (type == Primitive.Custom.class) {
            return 0;
        }
        int records = 0;
        if (type.isRecord()) {
            records++;
            for (RecordComponent component : type.getRecordComponents()) {
                if (!isKnown(component.getGenericType())) {
                    strange.add(type.getSimpleName() + "." + component.getName());
                }
            }
        } else {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                records += check(permitted, strange);
            }
        }
        return records;
    }

    private static boolean isKnown(Type type) {
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class -> isKnown(list.getActualTypeArguments()[0]);
            case Class<?> plain ->
                Set.of(int.class, long.class, float.class, double.class, boolean.class)
                                .contains(plain)
                        || Set.of(String.class, Ints.class, Shape.class, Integer.class, Long.class)
                                .contains(plain)
                        || plain.isEnum()
                        || plain.isRecord() && check(plain, new TreeSet<>()) == 1
                        || plain.isSealed();
            default -> false;
        };
    }
}

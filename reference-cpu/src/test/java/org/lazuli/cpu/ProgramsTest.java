package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Ints;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

class ProgramsTest {
    private static final List<TensorSpec> FLOATS = List.of(new TensorSpec(DType.FLOAT32, Shape.of(3)));

    private final Programs programs = new Programs(new FusedLoops(null));

    private static FusedElementwise negative(DType dtype) {
        return new FusedElementwise(
                1, List.of(new Instruction(new Primitive.Unary(UnaryOp.NEGATIVE), Ints.of(0), dtype)), Ints.of(1));
    }

    @Test
    void kernelsThatRunInTurnsKeepTheirPrograms() {
        List<FusedElementwise> kernels = new ArrayList<>();
        List<Program> made = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            FusedElementwise kernel = negative(DType.FLOAT32);
            kernels.add(kernel);
            made.add(programs.of(kernel, FLOATS));
        }
        for (int i = 0; i < kernels.size(); i++) {
            assertSame(made.get(i), programs.of(kernels.get(i), FLOATS), "kernel " + i);
        }
    }

    @Test
    void aKernelHasAProgramForEachType() {
        FusedElementwise kernel = negative(DType.INT32);
        List<TensorSpec> ints = List.of(new TensorSpec(DType.INT32, Shape.of(3)));
        Program program = programs.of(kernel, ints);
        assertNotSame(program, programs.of(kernel, List.of(new TensorSpec(DType.INT64, Shape.of(3)))));
        assertSame(program, programs.find(kernel, List.of(new TensorSpec(DType.INT32, Shape.of(5, 2)))));
    }

    @Test
    void whatRanLongAgoMakesRoom() {
        FusedElementwise first = negative(DType.FLOAT32);
        programs.of(first, FLOATS);
        int others = 0;
        for (; programs.find(first, FLOATS) != null && others < 100_000; others++) {
            programs.of(negative(DType.FLOAT32), FLOATS);
        }
        FusedElementwise last = negative(DType.FLOAT32);
        programs.of(last, FLOATS);
        assertNotNull(programs.find(last, FLOATS));
        assertNull(programs.find(first, FLOATS), "still there after " + others);
    }
}

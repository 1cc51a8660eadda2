package org.lazuli.conformance.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.lazuli.DType;

/// The checks of graphs and programs find nothing wrong with the reference.
class GraphChecksTest {
    private static final int TRIES = 4;

    private static List<Integer> choices(String name, int number) {
        return new Random(name.hashCode() * 31L + number)
                .ints(Programs.CHOICES, 0, Choices.LARGEST)
                .boxed()
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> graphs() {
        return GraphChecks.operations().stream()
                .flatMap(operation -> GraphChecks.names().stream()
                        .map(check -> DynamicTest.dynamicTest(operation + " " + check, () -> {
                            for (DType real : List.of(DType.FLOAT32, DType.FLOAT64)) {
                                for (int i = 0; i < TRIES; i++) {
                                    assertNull(GraphChecks.check(operation, check, real, choices(operation, i)));
                                }
                            }
                        })));
    }

    @TestFactory
    Stream<DynamicTest> programs() {
        assertEquals(4, ProgramChecks.names().size());
        return ProgramChecks.names().stream()
                .map(check -> DynamicTest.dynamicTest(check, () -> {
                    for (DType real : List.of(DType.FLOAT32, DType.FLOAT64)) {
                        for (int i = 0; i < 10 * TRIES; i++) {
                            assertNull(ProgramChecks.check(check, real, choices(check, i)));
                        }
                    }
                }));
    }
}

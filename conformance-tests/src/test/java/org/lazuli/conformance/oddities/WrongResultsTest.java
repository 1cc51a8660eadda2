package org.lazuli.conformance.oddities;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.lazuli.conformance.oddities.Differences.check;
import static org.lazuli.conformance.oddities.Differences.checkLoop;
import static org.lazuli.conformance.oddities.Differences.numbers;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.ConvOptions;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.Fft;
import org.lazuli.FftOptions;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.PadMode;
import org.lazuli.RopeOptions;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Nary;

/// Where the reference returns something wrong.
class WrongResultsTest {
    @Test
    void theForwardDerivativeOfAddmmHasItsFactors() {
        check(
                in -> List.of(Ops.addmm(in.get(0), in.get(1), in.get(2), 0.5, -2)),
                numbers(2),
                numbers(3, 4),
                numbers(4, 2));
    }

    @Test
    void fullOfAnArrayHasAGradient() {
        check(in -> List.of(Ops.full(Shape.of(3, 2), in.get(0))), numbers(2));
        check(in -> List.of(Ops.full(Shape.of(3, 2), in.get(0))), numbers(3, 1));
        check(in -> List.of(Ops.full(Shape.of(4), in.get(0))), numbers());
    }

    @Test
    void theHadamardTransformHasAGradientForEveryLength() {
        for (int n : new int[] {1, 4, 12, 20, 28, 24}) {
            check(in -> List.of(Ops.hadamardTransform(in.get(0))), numbers(n));
        }
    }

    @Test
    void slicesWithStepsThatLeaveOneElement() {
        for (Index index : new Index[] {
            Index.all().step(2), Index.all().step(-1), Index.all().step(-2)
        }) {
            for (int size : new int[] {1, 2}) {
                Nary slice = in -> List.of(in.get(0).get(Index.rest(), index).square());
                check(slice, numbers(3, size));
                checkLoop(slice, new Array[] {numbers(2, 3, size)}, 0);
                checkLoop(slice, new Array[] {numbers(3, 2, size)}, 1);
            }
        }
    }

    @Test
    void aResultThatIsListedTwiceCountsTwice() {
        check(
                in -> {
                    Array y = in.get(0).mul(in.get(1)).sin();
                    return List.of(y, y, in.get(0));
                },
                numbers(3),
                numbers(3));
    }

    @Test
    void ropeOfOnePositionTurnsEveryExample() {
        Array x = numbers(3, 2, 1, 4);
        for (boolean traditional : new boolean[] {false, true}) {
            RopeOptions options = RopeOptions.DEFAULT.withTraditional(traditional);
            Array all = Fast.rope(x, 4, options, 5);
            for (int i = 0; i < 3; i++) {
                Array one = Fast.rope(x.take(Ops.array(new int[] {i}), 0), 4, options, 5);
                assertArrayEquals(one.toDoubleArray(), all.take(Ops.array(i), 0).toDoubleArray());
            }
            // Turning by an angle keeps lengths, and no turn at position 0.
            assertEquals(x.square().sum().item(), all.square().sum().item(), 1e-5);
            assertArrayEquals(x.toDoubleArray(), Fast.rope(x, 4, options, 0).toDoubleArray());
        }
    }

    @Test
    void convolutionsHaveGradientsByTheInputWhateverThePadding() {
        Nary wide = in -> List.of(Ops.conv1d(in.get(0), in.get(1), 1, 4, 1, 1));
        check(wide, numbers(2, 3, 2), numbers(2, 2, 2));
        Nary strided = in -> List.of(Ops.conv1d(in.get(0), in.get(1), 3, 5, 2, 1));
        check(strided, numbers(1, 4, 1), numbers(1, 2, 1));
        for (int low = 0; low <= 3; low++) {
            for (int high = 0; high <= 3; high++) {
                ConvOptions options = ConvOptions.DEFAULT
                        .padding(new int[] {low, 1}, new int[] {high, 0})
                        .stride(2, 1);
                check(
                        in -> List.of(Ops.convGeneral(in.get(0), in.get(1), options)),
                        numbers(1, 3, 2, 1),
                        numbers(2, 2, 2, 1));
            }
        }
    }

    @Test
    void anUpdateThatIsTheSameForAllIsWrittenIntoEach() {
        Nary set = in -> List.of(in.get(0).at(Index.span(1, 3)).set(in.get(1)));
        checkLoop(set, new Array[] {numbers(3, 4), numbers(2)}, 0, null);
        checkLoop(set, new Array[] {numbers(4), numbers(2, 3)}, null, 1);
        Nary write = in -> List.of(Ops.sliceUpdate(in.get(0), in.get(1), Ops.array(new int[] {1}), new int[] {0}));
        checkLoop(write, new Array[] {numbers(4, 3), numbers(2)}, 1, null);
    }

    @Test
    void comparisonsBitsAndShiftsOverDifferentAxes() {
        Array x = Ops.arange(6).reshape(2, 3);
        Array y = Ops.array(new int[][] {{0, 3}, {5, 4}, {2, 1}});
        List<Nary> functions = List.of(
                in -> List.of(in.get(0).ne(in.get(1))),
                in -> List.of(in.get(0).bitwiseAnd(in.get(1))),
                in -> List.of(in.get(0).bitwiseOr(in.get(1))),
                in -> List.of(in.get(0).bitwiseXor(in.get(1))),
                in -> List.of(in.get(0).leftShift(in.get(1))),
                in -> List.of(in.get(0).rightShift(in.get(1))));
        for (Nary function : functions) {
            checkLoop(function, new Array[] {x, y}, 0, 1);
            checkLoop(function, new Array[] {x, y}, 1, 0);
            checkLoop(function, new Array[] {x, Ops.array(1)}, 1, null);
        }
    }

    @Test
    void mirroredPaddingOfEachExample() {
        for (PadMode mode : PadMode.values()) {
            Nary pad = in -> List.of(Ops.pad(in.get(0), new int[][] {{2, 1}, {0, 3}}, mode));
            checkLoop(pad, new Array[] {numbers(3, 4, 2)}, 2);
            checkLoop(pad, new Array[] {numbers(3, 4, 2)}, 1);
            check(pad, numbers(3, 4));
        }
    }

    @Test
    void groupedConvolutionsOverManyWeights() {
        Nary grouped = in -> List.of(Ops.conv1d(in.get(0), in.get(1), 1, 1, 1, 2));
        Array x = numbers(2, 5, 4);
        Array weights = numbers(3, 4, 3, 2);
        checkLoop(grouped, new Array[] {x, weights}, null, 0);
        checkLoop(grouped, new Array[] {numbers(2, 3, 5, 4), weights}, 1, 0);
        checkLoop(grouped, new Array[] {numbers(2, 3, 5, 4), numbers(4, 3, 2)}, 1, null);
        checkLoop(grouped, new Array[] {x, numbers(4, 3, 3, 2)}, null, 2);
    }

    @Test
    void largestElementsThatAreEqualShareInBothModes() {
        Array x = Ops.array(new double[] {1, 3, 3}, DType.FLOAT64);
        Array one = Ops.array(1.0, DType.FLOAT64);
        assertArrayEquals(
                new double[] {0, 0.5, 0.5},
                Transforms.vjp(a -> a.max(), x, one).grad().toDoubleArray());
        assertEquals(
                0.5,
                Transforms.jvp(a -> a.max(), x, Ops.array(new double[] {0, 1, 0}, DType.FLOAT64))
                        .grad()
                        .item());
    }

    /// Found beside the list: the reference's tangent has one element less.
    @Test
    void theTangentOfARealSignalOfOddLengthHasThatLength() {
        Array z = Ops.ones(Shape.of(3), DType.COMPLEX64);
        assertEquals(
                Shape.of(5),
                Transforms.jvp(a -> Fft.irfft(a, FftOptions.DEFAULT.n(5)), z, z)
                        .grad()
                        .shape());
    }

    @Test
    void overlappingViewsAddUpTheirGradients() {
        check(in -> List.of(Ops.asStrided(in.get(0), Shape.of(4, 3), new int[] {1, 1}, 0)), numbers(6));
        check(in -> List.of(Ops.asStrided(in.get(0), Shape.of(2, 2), new int[] {0, 1}, 1)), numbers(2, 2));
    }

    @Test
    void logSoftmaxOverOneElementIsConstant() {
        check(in -> List.of(in.get(0).sub(in.get(0).logsumexp(Axes.of(1).keepDims()))), numbers(3, 1));
    }
}

package org.lazuli.conformance.oddities;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Fft;
import org.lazuli.Ops;
import org.lazuli.PadMode;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.conformance.input.Refused;
import org.lazuli.io.Gguf;
import org.lazuli.io.Npy;
import org.lazuli.io.Safetensors;
import org.lazuli.io.TensorFileException;
import org.lazuli.nn.BinaryCrossEntropyOptions;
import org.lazuli.nn.Losses;

/// What the reference does in its own way: kept where its users rely on it, mended where the results would be poor.
class ConventionsTest {
    @Test
    void float64FunctionsAreAccurateToTheLastDigits() {
        double[] at = {-3.7, -0.5, 0.1, 1.0, 2.5, 20};
        Array x = Ops.array(at, DType.FLOAT64);
        for (int i = 0; i < at.length; i++) {
            near(Math.exp(at[i]), x.exp().toDoubleArray()[i]);
            near(Math.sin(at[i]), x.sin().toDoubleArray()[i]);
            near(Math.cos(at[i]), x.cos().toDoubleArray()[i]);
            near(1 / (1 + Math.exp(-at[i])), x.sigmoid().toDoubleArray()[i]);
        }
        // erf(1/2) and erf(1), from tables.
        Array erf = Ops.array(new double[] {0.5, 1}, DType.FLOAT64).erf();
        near(0.52049987781304653768, erf.toDoubleArray()[0]);
        near(0.84270079294971486934, erf.toDoubleArray()[1]);
    }

    private static void near(double expected, double actual) {
        assertEquals(expected, actual, 4 * Math.ulp(expected));
    }

    @Test
    void aTransposeWithoutAxesReversesThemAll() {
        assertEquals(Shape.of(4, 3, 2), Ops.zeros(2, 3, 4).transpose().shape());
        assertEquals(Shape.of(2, 4, 3), Ops.zeros(2, 3, 4).swapaxes(-1, -2).shape());
    }

    @Test
    void productsOfIntegerMatricesAreRefused() {
        Array x = Ops.array(new int[][] {{1, 2}, {3, 4}});
        Refused.with(IllegalArgumentException.class, () -> x.matmul(x), "matmul", "int32");
    }

    @Test
    void mirrorsReachAsFarAsIsAsked() {
        Array x = Ops.array(new int[] {1, 2, 3});
        assertArrayEquals(
                new int[] {2, 1, 2, 3, 2, 1, 2, 3, 2, 1},
                Ops.pad(x, new int[][] {{5, 2}}, PadMode.REFLECT).toIntArray(),
                () -> Ops.pad(x, new int[][] {{5, 2}}, PadMode.REFLECT).toString());
        assertEquals(11, Ops.pad(x, new int[][] {{4, 4}}, PadMode.SYMMETRIC).size());
    }

    @Test
    void vecdotWantsEqualRanks() {
        Refused.with(
                IllegalArgumentException.class,
                () -> Ops.vecdot(Ops.zeros(2, 3), Ops.zeros(3), -1),
                "vecdot",
                "(2,3)",
                "(3)");
    }

    @Test
    void crossEntropyHoldsTheMaximumConstant() {
        Array logits = Ops.array(new double[] {1, 3, 2}, DType.FLOAT64);
        Array targets = Ops.array(new double[] {0.2, 0.5, 0.3}, DType.FLOAT64);
        Array byTargets = Transforms.grad(
                        (Array t) -> Losses.crossEntropy(logits, t).sum())
                .apply(targets);
        assertArrayEquals(new double[] {2, 0, 1}, byTargets.toDoubleArray(), 1e-14);
    }

    @Test
    void largestElementsThatAreEqualShareTheGradient() {
        Array x = Ops.array(new float[] {1, 3, 3});
        assertArrayEquals(
                new float[] {0, 0.5f, 0.5f},
                Transforms.grad((Array v) -> v.max()).apply(x).toFloatArray());
        Array tangent = Ops.array(new float[] {5, 1, 2});
        assertEquals(
                1.5, Transforms.jvp((Array v) -> v.max(), x, tangent).grad().item());
        assertEquals(5, Transforms.jvp((Array v) -> v.min(), x, tangent).grad().item());
    }

    @Test
    void logsumexpOfNothingIsRefused() {
        Refused.with(IllegalArgumentException.class, () -> Ops.zeros(0).logsumexp(), "logsumexp");
    }

    @Test
    void theRealTransformTakesTheRealPart() {
        Array z = Ops.array(
                List.of(new org.lazuli.Complex(1, 9), new org.lazuli.Complex(2, -4), new org.lazuli.Complex(4, 1)));
        assertArrayEquals(
                Fft.rfft(z.real()).imag().toFloatArray(), Fft.rfft(z).imag().toFloatArray(), 1e-6f);
    }

    @Test
    void weightsOfBinaryCrossEntropyHaveTheLossesShape() {
        Array p = Ops.zeros(2, 3);
        Refused.with(
                IllegalArgumentException.class,
                () -> Losses.binaryCrossEntropy(p, p, BinaryCrossEntropyOptions.DEFAULT.withWeights(Ops.ones(3))),
                "(3)",
                "(2,3)");
    }

    @Test
    void filesSayWhichTypesTheyCannotHold(@TempDir Path dir) {
        Set<DType> safetensors = EnumSet.noneOf(DType.class);
        Set<DType> gguf = EnumSet.noneOf(DType.class);
        for (DType dtype : DType.values()) {
            Array x = Ops.array(new int[] {1, 0, 1}).astype(dtype);
            Path file = dir.resolve(dtype + ".safetensors");
            try {
                Safetensors.save(file, Map.of("x", x));
                Array back = Safetensors.load(file).arrays().get("x");
                assertEquals(dtype, back.dtype());
                assertTrue(back.arrayEqual(x).itemBoolean());
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage().contains(dtype.toString()), refused::getMessage);
                safetensors.add(dtype);
            }
            Path other = dir.resolve(dtype + ".gguf");
            try {
                Gguf.save(other, Map.of("x", x));
                assertTrue(Gguf.load(other).arrays().get("x").arrayEqual(x).itemBoolean());
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage().contains(dtype.toString()), refused::getMessage);
                gguf.add(dtype);
            }
        }
        assertEquals(Set.of(DType.FLOAT64), safetensors);
        assertEquals(GGUF_LACKS, gguf);
    }

    private static final Set<DType> GGUF_LACKS = EnumSet.of(
            DType.BOOL,
            DType.UINT8,
            DType.UINT16,
            DType.UINT32,
            DType.UINT64,
            DType.INT64,
            DType.BFLOAT16,
            DType.FLOAT64,
            DType.COMPLEX64);

    @Test
    void damagedFilesAreRefused(@TempDir Path dir) throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        ByteBuffer overlapping = ByteBuffer.allocate(8 + header.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
        overlapping.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
        Path file = dir.resolve("overlap.safetensors");
        Files.write(file, overlapping.array());
        assertThrows(TensorFileException.class, () -> Safetensors.load(file));

        Path npy = dir.resolve("short.npy");
        Npy.save(npy, Ops.zeros(100));
        byte[] whole = Files.readAllBytes(npy);
        Files.write(
                npy,
                MemorySegment.ofArray(whole)
                        .asSlice(0, whole.length - 4)
                        .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        assertThrows(TensorFileException.class, () -> Npy.load(npy).eval());
    }
}

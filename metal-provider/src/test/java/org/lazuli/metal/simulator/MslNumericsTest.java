package org.lazuli.metal.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Arithmetic of the Metal Shading Language: types, rounding, conversions, functions.
class MslNumericsTest implements OnSimulator {
    private SimulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    /// Runs `body` once for each element, with `a` an element of the input and `r` one of the result, of these types.
    private MemorySegment map(String from, String to, String body, MemorySegment input, int n, int bytes) {
        var output = gpu.buffer((long) n * bytes);
        var pipeline = gpu.pipeline("""
                kernel void k(device const %s* in [[buffer(0)]], device %s* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
                  %s a = in[i];
                  device %s& r = out[i];
                  %s
                }
                """.formatted(from, to, from, to, body));
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffers(input, output)
                .threads(n, 64)
                .run();
        SimulatedGpu.release(pipeline);
        return output;
    }

    private float[] mapFloats(String body, float... values) {
        var input = gpu.floats(values);
        var output = map("float", "float", body, input, values.length, 4);
        float[] result = SimulatedGpu.toFloats(output);
        SimulatedGpu.release(input, output);
        return result;
    }

    private int[] mapInts(String body, int... values) {
        var input = gpu.ints(values);
        var output = map("int", "int", body, input, values.length, 4);
        int[] result = SimulatedGpu.toInts(output);
        SimulatedGpu.release(input, output);
        return result;
    }

    private static float bfloat(float x) {
        int bits = Float.floatToRawIntBits(x);
        return Float.isNaN(x) ? x : Float.intBitsToFloat((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000);
    }

    @Test
    void bfloatIsRoundedAfterEveryOperation() {
        float[] values = new Random(1).doubles(1000, -4, 4).collect(() -> new float[1000], new Fill(), (a, b) -> {});
        float[] result = mapFloats("bfloat x = bfloat(a); r = float(x * x + x);", values);
        for (int i = 0; i < values.length; i++) {
            float x = bfloat(values[i]);
            assertEquals(bfloat(bfloat(x * x) + x), result[i], "of " + x);
        }
    }

    @Test
    void halfIsRoundedAfterEveryOperation() {
        float[] values = new Random(2).doubles(1000, -4, 4).collect(() -> new float[1000], new Fill(), (a, b) -> {});
        float[] result = mapFloats("half x = half(a); r = float(x * x + x);", values);
        for (int i = 0; i < values.length; i++) {
            float x = half(values[i]);
            assertEquals(half(half(x * x) + x), result[i], "of " + x);
        }
    }

    private static float half(float x) {
        return Float.float16ToFloat(Float.floatToFloat16(x));
    }

    private static final class Fill implements java.util.function.ObjDoubleConsumer<float[]> {
        private int at;

        @Override
        public void accept(float[] target, double value) {
            target[at++] = (float) value;
        }
    }

    @Test
    void productAndSumAreNotFused() {
        float a = 1 + 0x1p-12f;
        assertArrayEquals(
                new float[] {a * a - 1, Math.fma(a, a, -1)},
                new float[] {mapFloats("r = a * a - 1.0f;", a)[0], mapFloats("r = fma(a, a, -1.0f);", a)[0]});
    }

    @Test
    void subnormalsAreKept() {
        assertArrayEquals(new float[] {1e-40f * 0.5f}, mapFloats("r = a * 0.5f;", 1e-40f));
        assertArrayEquals(new float[] {bfloat(1e-39f)}, mapFloats("r = float(bfloat(a));", 1e-39f));
    }

    @Test
    void functionsAreThoseOfTheirNames() {
        float[] x = {0.5f};
        assertEquals(Math.exp(0.5), mapFloats("r = exp(a);", x)[0], 1e-6);
        assertEquals(Math.log(0.5), mapFloats("r = precise::log(a);", x)[0], 1e-6);
        assertEquals(Math.sin(0.5), mapFloats("r = fast::sin(a);", x)[0], 1e-6);
        assertEquals(Math.tanh(0.5), mapFloats("r = tanh(a);", x)[0], 1e-6);
        assertEquals(Math.sqrt(2), mapFloats("r = rsqrt(a);", x)[0], 1e-6);
        assertEquals(Math.pow(0.5, 3), mapFloats("r = pow(a, 3.0f);", x)[0], 1e-6);
        assertEquals(Math.log1p(-0.5), mapFloats("r = log(1.0f - a);", x)[0], 1e-6);
        assertEquals(1.0, mapFloats("r = sinpi(a);", x)[0], 0);
        assertEquals(-0.5, mapFloats("r = fmod(-1.0f, 1.0f) - a;", x)[0], 0);
        assertArrayEquals(new float[] {-2, 2, 2, -1, 4}, mapFloats("r = rint(a);", -2.5f, 1.5f, 2.5f, -0.7f, 3.5f));
        assertArrayEquals(new float[] {-3, 2, 3, -1, 4}, mapFloats("r = round(a);", -2.5f, 1.5f, 2.5f, -0.7f, 3.5f));
    }

    @Test
    void minimumAndMaximumPassOverNaN() {
        assertArrayEquals(new float[] {1, 2, -5}, mapFloats("r = max(a, 1.0f) + min(a, 0.0f);", Float.NaN, 2, -6));
        assertArrayEquals(new float[] {0, 1, 0}, mapFloats("r = isnan(a) ? 1.0f : 0.0f;", 1, Float.NaN, 3));
    }

    @Test
    void integersWrap() {
        assertArrayEquals(new int[] {Integer.MIN_VALUE, 0}, mapInts("r = a + 1;", Integer.MAX_VALUE, -1));
        assertArrayEquals(new int[] {-128, 1}, mapInts("r = int(char(a));", 128, 257));
        assertArrayEquals(
                new int[] {(int) (0xfedcba98L * 0x12345678L >> 32)},
                mapInts("r = int(mulhi(uint(a), 0x12345678u));", 0xfedcba98));
        assertArrayEquals(new int[] {32, 0, 31}, mapInts("r = clz(a);", 0, -1, 1));
        assertArrayEquals(new int[] {0, 32, 1}, mapInts("r = popcount(a);", 0, -1, 4));
        assertArrayEquals(new int[] {0x2345678_1, -1}, mapInts("r = rotate(a, 4);", 0x12345678, -1));
    }

    @Test
    void integersOf64BitsAreWhole() {
        var input = gpu.ints(0x89abcdef, 0x01234567);
        var output = map("ulong", "ulong", "r = a * 3ul + mulhi(a, 1ul << 60);", input, 1, 8);
        long a = 0x0123456789abcdefL;
        assertEquals(a * 3 + (a >>> 4), SimulatedGpu.contents(output).get(java.lang.foreign.ValueLayout.JAVA_LONG, 0));
        SimulatedGpu.release(input, output);
    }

    @Test
    void bitsAreReinterpreted() {
        assertArrayEquals(
                new int[] {Float.floatToRawIntBits(1.5f)}, mapInts("r = as_type<int>(as_type<float>(a));", 0x3fc00000));
        assertArrayEquals(
                new int[] {Float.floatToFloat16(1.5f)}, mapInts("r = int(as_type<ushort>(half(a)) | 0x200);", 1));
        assertArrayEquals(new int[] {0x3f80}, mapInts("r = int(as_type<ushort>(bfloat(1.0f)));", 0));
    }

    @Test
    void vectorsHaveConstructorsSwizzlesAndSelect() {
        float[] r = mapFloats("""
                float4 v = float4(float2(a, 2.0f), 3.0f, 4.0f);
                float4 w = v.wzyx * 2.0f;
                w = select(w, float4(-1.0f), v > float4(2.5f));
                r = w.x * 1000.0f + w.y * 100.0f + w.z * 10.0f + w.w + (any(v > w) ? 0.5f : 0.0f) + dot(v, v);
                """, 1);
        assertArrayEquals(new float[] {8000 + 600 - 10 - 1 + 0.5f + 30}, r);
    }

    @Test
    void packedVectorsTakeNoMoreThanTheirElements() {
        var input = gpu.floats(1, 2, 3, 4, 5, 6);
        var output = map("packed_float3", "float", "float3 v = a; r = v.x + v.y * 10.0f + v.z * 100.0f;", input, 2, 4);
        assertArrayEquals(new float[] {321, 654}, SimulatedGpu.toFloats(output));
        SimulatedGpu.release(input, output);
    }

    @Test
    void whatMetalLacksDoesNotCompile() {
        for (String body : new String[] {
            "double d = a; r = float(d);",
            "r = float(exp(bfloat(a)));",
            "r = erf(a);",
            "r = float(simd_sum(long(a)));",
            "r = float(simd_max(bfloat(a)));",
            "thread float* p = &in[i]; r = *p;",
            "r = float4(a) ? 1.0f : 2.0f;",
            "throw 1;"
        }) {
            assertThrows(SimulatedGpu.CompileError.class, () -> mapFloats(body, 1), body);
        }
    }

    @Test
    void divisionByZeroFailsTheCommandBufferAndNotTheProcess() {
        var error = assertThrows(SimulatedGpu.ExecutionError.class, () -> mapInts("r = 7 / a;", 1, 0));
        assertTrue(error.getMessage().contains("division by zero"), error.getMessage());
        assertArrayEquals(new int[] {7}, mapInts("r = 7 / a;", 1), "usable afterwards");
    }

    @Test
    void whatWouldCrashTheProcessFailsTheCommandBuffer() {
        Assumptions.assumeTrue(System.getenv("METALSIM_CHECK") == null, "check mode says more, and sooner");
        var fault = assertThrows(
                SimulatedGpu.ExecutionError.class,
                () -> mapInts("r = *(device int*)(ulong(&in[i]) + (1ul << 46));", 1));
        assertEquals(3, fault.code(), "page fault");
        var overflow = assertThrows(
                SimulatedGpu.ExecutionError.class,
                () -> mapInts(
                        "int big[100000]; for (int j = 0; j < 100000; j++) big[j] = a * j; r = 0; for (int j = 99999; j >= 0; j -= a) r ^= big[j];",
                        3));
        assertEquals(12, overflow.code(), "stack overflow");
        assertArrayEquals(new int[] {2}, mapInts("r = a + 1;", 1), "usable afterwards");
    }
}

package org.lazuli.metal.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the lanes of a simdgroup or a threadgroup do together.
class CollectivesTest implements OnSimulator {
    private SimulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    /// out[i] = expression of `i` (the thread), `lane` and `v` = 3 i + 1.
    private int[] each(String expression, int threads) {
        var output = gpu.ints(new int[threads]);
        var pipeline = gpu.pipeline("""
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
                  int v = 3 * int(i) + 1;
                  out[i] = int(%s);
                }
                """.formatted(expression));
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(threads, threads)
                .run();
        int[] result = SimulatedGpu.toInts(output);
        SimulatedGpu.release(output, pipeline);
        return result;
    }

    private static int[] expect(int threads, IntUnaryOperator f) {
        return IntStream.range(0, threads).map(f).toArray();
    }

    private static int v(int i) {
        return 3 * i + 1;
    }

    private static IntStream simdgroup(int i, int threads) {
        int first = i / 32 * 32;
        return IntStream.range(first, Math.min(first + 32, threads)).map(CollectivesTest::v);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 45, 7})
    void reductionsCoverTheActiveLanes(int n) {
        assertArrayEquals(expect(n, i -> simdgroup(i, n).sum()), each("simd_sum(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).max().getAsInt()), each("simd_max(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).min().getAsInt()), each("simd_min(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).reduce(0, (a, b) -> a ^ b)), each("simd_xor(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).reduce(0, (a, b) -> a | b)), each("simd_or(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).reduce(-1, (a, b) -> a & b)), each("simd_and(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).reduce(1, (a, b) -> a * b)), each("simd_product(v)", n));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 45})
    void prefixesEndAtTheLane(int n) {
        assertArrayEquals(
                expect(n, i -> simdgroup(i, n).limit(i % 32 + 1).sum()), each("simd_prefix_inclusive_sum(v)", n));
        assertArrayEquals(expect(n, i -> simdgroup(i, n).limit(i % 32).sum()), each("simd_prefix_exclusive_sum(v)", n));
        assertArrayEquals(
                expect(n, i -> simdgroup(i, n).limit(i % 32).reduce(1, (a, b) -> a * b)),
                each("simd_prefix_exclusive_product(v)", n));
    }

    @Test
    void shufflesMoveValuesBetweenLanes() {
        int n = 64;
        assertArrayEquals(expect(n, i -> v(i / 32 * 32 + 5)), each("simd_broadcast(v, 5)", n));
        assertArrayEquals(expect(n, i -> v(i / 32 * 32)), each("simd_broadcast_first(v)", n));
        assertArrayEquals(expect(n, i -> v(i ^ 3)), each("simd_shuffle_xor(v, 3)", n));
        assertArrayEquals(expect(n, i -> i % 32 < 30 ? v(i + 2) : v(i)), each("simd_shuffle_down(v, 2)", n));
        assertArrayEquals(expect(n, i -> i % 32 >= 2 ? v(i - 2) : v(i)), each("simd_shuffle_up(v, 2)", n));
        assertArrayEquals(expect(n, i -> v(i / 32 * 32 + 31 - i % 32)), each("simd_shuffle(v, ushort(31 - lane))", n));
        assertArrayEquals(
                expect(n, i -> i % 32 < 30 ? v(i + 2) : -(i / 32 * 32 + (i + 2) % 32)),
                each("simd_shuffle_and_fill_down(v, -int(i), 2)", n));
    }

    @Test
    void votesCountLanes() {
        assertArrayEquals(expect(32, i -> 0x11111111), each("uint(simd_vote::vote_t(simd_ballot(lane % 4 == 0)))", 32));
        assertArrayEquals(expect(20, i -> 0xfffff), each("uint(simd_vote::vote_t(simd_active_threads_mask()))", 20));
        assertArrayEquals(expect(32, i -> 1), each("simd_any(lane == 3)", 32));
        assertArrayEquals(expect(32, i -> 0), each("simd_all(lane != 3)", 32));
        assertArrayEquals(expect(32, i -> i == 0 ? 1 : 0), each("simd_is_first()", 32));
    }

    @Test
    void lanesThatTookAnotherBranchAreNotActive() {
        assertArrayEquals(
                expect(
                        32,
                        i -> i < 10
                                ? IntStream.range(0, 10).map(CollectivesTest::v).sum()
                                : -1),
                each("lane < 10 ? simd_sum(v) : -1", 32));
        // The branch ends before the second sum, so all lanes are together again.
        assertArrayEquals(
                expect(32, i -> simdgroup(i, 32).sum() + 10 * (i < 10 ? 1 : 0)),
                each("(lane < 10 ? simd_sum(1) : 0) + simd_sum(v)", 32));
        var error = assertThrows(
                SimulatedGpu.ExecutionError.class, () -> each("lane < 10 ? simd_broadcast(v, 20) : 0", 32));
        assertTrue(error.getMessage().contains("inactive lane"), error.getMessage());
    }

    @Test
    void aHelperThatIsCalledTwiceIsTwoCollectives() {
        var output = gpu.ints(new int[32]);
        var pipeline = gpu.pipeline("""
                template <typename T> struct Sum { T operator()(T v) { return simd_sum(v); } };
                static int sum(int v, uint lane) { Sum<int> s; int r = s(v); return lane == 40 ? r * 3 : r; }
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                  int r = 0;
                  if (i < 10) r = 100 * sum(1, i);
                  out[i] = r + sum(1, i);
                }
                """);
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(32, 32)
                .run();
        assertArrayEquals(expect(32, i -> i < 10 ? 1032 : 32), SimulatedGpu.toInts(output));
        SimulatedGpu.release(output, pipeline);
    }

    @Test
    void loopsOfDifferentLengthStayApart() {
        var output = gpu.ints(new int[32]);
        var pipeline = gpu.pipeline("""
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                  int total = 0;
                  for (uint round = 0; round <= i; round++) total += simd_sum(1);
                  out[i] = total;
                }
                """);
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(32, 32)
                .run();
        assertArrayEquals(
                expect(32, i -> IntStream.rangeClosed(0, i).map(r -> 32 - r).sum()), SimulatedGpu.toInts(output));
        SimulatedGpu.release(output, pipeline);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "reversed", "shuffled:5"})
    void aBarrierMakesWritesVisibleInAnyOrder(String order) {
        assertTrue(SimulatedGpu.set("order", order));
        var output = gpu.ints(new int[1000]);
        var pipeline = gpu.pipeline("""
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]],
                              uint n [[threads_per_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
                  threadgroup int a[256];
                  a[t] = int(i);
                  for (uint step = 1; step < n; step *= 2) {
                    threadgroup_barrier(mem_flags::mem_threadgroup);
                    int v = t >= step ? a[t - step] : 0;
                    threadgroup_barrier(mem_flags::mem_threadgroup);
                    a[t] += v;
                  }
                  out[i] = a[t];
                }
                """);
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(1000, 250)
                .run();
        assertArrayEquals(
                expect(1000, i -> IntStream.rangeClosed(i / 250 * 250, i).sum()), SimulatedGpu.toInts(output));
        SimulatedGpu.release(output, pipeline);
    }

    @Test
    void atomicsLoseNothing() {
        var output = gpu.ints(0, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 0, 100);
        var pipeline = gpu.pipeline("""
                kernel void k(device atomic_int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                  threadgroup atomic_uint count;
                  atomic_store_explicit(&count, 0u, memory_order_relaxed);
                  threadgroup_barrier(mem_flags::mem_threadgroup);
                  atomic_fetch_add_explicit(&out[0], int(i), memory_order_relaxed);
                  atomic_fetch_max_explicit(&out[1], int(i), memory_order_relaxed);
                  atomic_fetch_min_explicit(&out[2], -int(i), memory_order_relaxed);
                  atomic_fetch_or_explicit(&out[3], 1 << (i % 31), memory_order_relaxed);
                  atomic_fetch_add_explicit((device atomic_float*)&out[4], 0.5f, memory_order_relaxed);
                  int seen = 100;
                  if (atomic_compare_exchange_weak_explicit(&out[5], &seen, 7, memory_order_relaxed, memory_order_relaxed)) seen = 7;
                  atomic_fetch_add_explicit(&count, 1u, memory_order_relaxed);
                }
                """);
        int n = 20000;
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(n, 100)
                .run();
        int[] r = SimulatedGpu.toInts(output);
        assertArrayEquals(new int[] {n / 2 * (n - 1), n - 1, 1 - n, 0x7fffffff, Float.floatToIntBits(n / 2f), 7}, r);
        SimulatedGpu.release(output, pipeline);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float", "half", "bfloat"})
    void matricesMultiply(String type) {
        var random = new Random(3);
        float[] a = new float[64], b = new float[64], c = new float[64];
        for (int i = 0; i < 64; i++) { // small whole numbers: exact in every type
            a[i] = random.nextInt(5) - 2;
            b[i] = random.nextInt(5) - 2;
            c[i] = random.nextInt(5) - 2;
        }
        var inputs = new java.lang.foreign.MemorySegment[] {gpu.floats(a), gpu.floats(b), gpu.floats(c)};
        var output = gpu.floats(new float[192]);
        var pipeline = gpu.pipeline("""
                typedef TYPE T;
                kernel void k(device const float* a [[buffer(0)]], device const float* b [[buffer(1)]], device const float* c [[buffer(2)]],
                              device float* out [[buffer(3)]], uint lane [[thread_index_in_simdgroup]]) {
                  threadgroup T x[64], y[64], z[64], w[3 * 64];
                  for (uint i = lane; i < 64; i += 32) { x[i] = T(a[i]); y[i] = T(b[i]); z[i] = T(c[i]); }
                  simdgroup_barrier(mem_flags::mem_threadgroup);
                  simdgroup_matrix<T, 8, 8> A, B, C, D, E;
                  simdgroup_load(A, x, 8);
                  simdgroup_load(B, y, 8, ulong2(0, 0), true);
                  simdgroup_load(C, z);
                  simdgroup_multiply_accumulate(D, A, B, C);
                  simdgroup_store(D, w, 8);
                  simdgroup_multiply(E, A, simdgroup_matrix<T, 8, 8>(T(3)));
                  simdgroup_store(E, w + 64, 8, ulong2(0, 0), true);
                  simdgroup_matrix<T, 8, 8> F = make_filled_simdgroup_matrix<T, 8, 8>(T(1));
                  F.thread_elements()[1] += T(lane);
                  simdgroup_store(F, w + 128, 8);
                  simdgroup_barrier(mem_flags::mem_threadgroup);
                  for (uint i = lane; i < 192; i += 32) out[i] = float(w[i]);
                }
                """.replace("TYPE", type));
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffers(inputs[0], inputs[1], inputs[2], output)
                .threads(32, 32)
                .run();
        float[] r = SimulatedGpu.toFloats(output);
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 8; j++) {
                float sum = c[i * 8 + j];
                for (int k = 0; k < 8; k++) {
                    sum += a[i * 8 + k] * b[j * 8 + k];
                }
                assertEquals(sum, r[i * 8 + j], "D " + i + " " + j);
                assertEquals(3 * a[j * 8 + i], r[64 + i * 8 + j], "E " + i + " " + j);
            }
        }
        // Apple's layout: the lane's second element is right of its first, four lanes a row.
        assertEquals(1, r[128]);
        assertEquals(1 + 1, r[128 + 3]);
        assertEquals(1 + 2, r[128 + 8 + 1]);
        assertEquals(1 + 8, r[128 + 5]);
        assertEquals(1 + 16, r[128 + 32 + 1]);
        SimulatedGpu.release(output, pipeline);
        SimulatedGpu.release(inputs);
    }
}

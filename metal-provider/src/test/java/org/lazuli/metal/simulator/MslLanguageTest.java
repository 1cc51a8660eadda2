package org.lazuli.metal.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lazuli.metal.ffi.ObjC;

/// How kernels are found in a source and given what they are bound to.
class MslLanguageTest implements OnSimulator {
    private SimulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = SimulatedGpu.open();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private int[] run(MemorySegment pipeline, int ints, long threads, long perGroup) {
        var output = gpu.ints(new int[ints]);
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(threads, perGroup)
                .run();
        int[] result = SimulatedGpu.toInts(output);
        SimulatedGpu.release(pipeline, output);
        return result;
    }

    @Test
    void templatesAreInstantiatedUnderTheirHostNames() {
        String source = """
                template <typename T, int N = 2>
                [[kernel]] void fill(device int* out [[buffer(0)]], constant const T* unused [[buffer(1)]], uint i [[thread_position_in_grid]]) {
                  out[i] = int(T(2.75f) * T(2)) + N * 100 + int(sizeof(T)) * 1000;
                }
                template [[host_name("fill_" "float")]] [[kernel]] void fill<float, 3>(device int*, constant const float*, uint);
                template [[host_name("fill_int")]] [[kernel]] decltype(fill<int>) fill<int>;
                """;
        for (String name : new String[] {"fill_float", "fill_int"}) {
            var output = gpu.ints(0, 0);
            var pipeline = gpu.pipeline(source, name);
            gpu.commands()
                    .serial()
                    .pipeline(pipeline)
                    .buffer(0, output)
                    .bytes(1, 0)
                    .threads(2, 2)
                    .run();
            int expected = name.equals("fill_float") ? 5 + 300 + 4000 : 4 + 200 + 4000;
            assertArrayEquals(new int[] {expected, expected}, SimulatedGpu.toInts(output), name);
            SimulatedGpu.release(pipeline, output);
        }
    }

    @Test
    void macrosMayMakeKernels() {
        String source = """
                #define KERNEL(NAME, VALUE) kernel void NAME(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { \\
                    out[i] = VALUE; }
                KERNEL(one, 1)
                KERNEL(two, 2)
                #if __METAL_VERSION__ >= 310
                KERNEL(k, 31)
                #else
                KERNEL(k, 0)
                #endif
                """;
        assertArrayEquals(new int[] {2}, run(gpu.pipeline(source, "two"), 1, 1, 1));
        assertArrayEquals(new int[] {31}, run(gpu.pipeline(source, "k"), 1, 1, 1));
    }

    @Test
    void threadgroupVariablesBelongToTheThreadgroup() {
        String source = """
                struct Pair { int first; int second; };
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]]) {
                  threadgroup int a[4], b[2][2];
                  threadgroup Pair pair;
                  a[t] = int(i);
                  b[t / 2][t % 2] = int(t) * 10;
                  if (t == 0) { pair.first = 1000; pair.second = int(i); }
                  threadgroup_barrier(mem_flags::mem_threadgroup);
                  threadgroup const int* p = a;
                  out[i] = p[3 - t] + b[1][0] + pair.first + pair.second;
                }
                """;
        assertArrayEquals(
                new int[] {1023, 1022, 1021, 1020, 1031, 1030, 1029, 1028}, run(gpu.pipeline(source), 8, 8, 4));
    }

    @Test
    void positionsAreThoseOfTheGrid() {
        String source = """
                kernel void k(device uint* out [[buffer(0)]], uint3 p [[thread_position_in_grid]], ushort3 t [[thread_position_in_threadgroup]],
                              uint3 g [[threadgroup_position_in_grid]], uint3 size [[threads_per_threadgroup]], uint3 grid [[threads_per_grid]],
                              uint index [[thread_index_in_threadgroup]], uint3 groups [[threadgroups_per_grid]],
                              uint3 full [[dispatch_threads_per_threadgroup]]) {
                  bool ok = all(p == g * full + uint3(t)) && index == (t.z * size.y + t.y) * size.x + t.x && all(groups == uint3(2, 2, 1))
                      && all(size == min(full, grid - g * full));
                  out[(p.z * grid.y + p.y) * grid.x + p.x] = ok ? p.x + 10 * p.y + 100 * p.z + 1000 * grid.x : 7;
                }
                """;
        var output = gpu.ints(new int[5 * 3 * 2]);
        var pipeline = gpu.pipeline(source);
        gpu.commands()
                .serial()
                .pipeline(pipeline)
                .buffer(0, output)
                .threads(5, 3, 2, 4, 2, 2)
                .run();
        int[] result = SimulatedGpu.toInts(output);
        for (int z = 0, i = 0; z < 2; z++) {
            for (int y = 0; y < 3; y++) {
                for (int x = 0; x < 5; x++, i++) {
                    assertEquals(5000 + x + 10 * y + 100 * z, result[i]);
                }
            }
        }
        SimulatedGpu.release(pipeline, output);
    }

    @Test
    void structsAndConstantsAreAsInCpp() {
        String source = """
                constant constexpr int table[3] = {7, 8, 9};
                constant float scale = 2.0f;
                struct complex64 {
                  float re, im;
                  complex64(float r, float i) : re(r), im(i) {}
                  complex64 operator*(complex64 o) const { return complex64(re * o.re - im * o.im, re * o.im + im * o.re); }
                };
                template <typename T> METAL_FUNC T twice(T x) { return x + x; }
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                  complex64 c = complex64(1.0f, 2.0f) * complex64(3.0f, 4.0f);
                  out[i] = table[i % 3] + int(scale * c.re) + twice(int(c.im));
                }
                """;
        assertArrayEquals(new int[] {17, 18, 19, 17}, run(gpu.pipeline(source), 4, 4, 2));
    }

    @Test
    void functionConstantsSpecialiseAKernel() {
        String source = """
                constant bool negate [[function_constant(3)]];
                constant float factor [[function_constant(4)]];
                constant int offset [[function_constant(5)]];
                kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                  int v = int(float(i) * factor) + offset;
                  out[i] = negate ? -v : v;
                }
                """;
        var library = gpu.library(source);
        for (boolean negate : new boolean[] {false, true}) {
            var values = ObjC.send_p(SimulatedGpu.type("MTLFunctionConstantValues"), SimulatedGpu.sel("new"));
            var flag = gpu.arena().allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, (byte) (negate ? 1 : 0));
            var factor = gpu.arena().allocateFrom(java.lang.foreign.ValueLayout.JAVA_FLOAT, 1.5f);
            var offset = gpu.arena().allocateFrom(java.lang.foreign.ValueLayout.JAVA_INT, -100);
            ObjC.send_v_puu(values, SimulatedGpu.sel("setConstantValue:type:atIndex:"), flag, 53, 3);
            ObjC.send_v_puu(values, SimulatedGpu.sel("setConstantValue:type:atIndex:"), factor, 3, 4);
            ObjC.send_v_puu(values, SimulatedGpu.sel("setConstantValue:type:atIndex:"), offset, 29, 5);
            var error = gpu.arena().allocate(java.lang.foreign.ValueLayout.ADDRESS);
            var function = ObjC.send_p_ppp(
                    library,
                    SimulatedGpu.sel("newFunctionWithName:constantValues:error:"),
                    gpu.string("k"),
                    values,
                    error);
            int sign = negate ? -1 : 1;
            assertArrayEquals(new int[] {-100 * sign, -99 * sign, -97 * sign}, run(gpu.pipelineOf(function), 3, 3, 3));
            SimulatedGpu.release(values, function);
        }
        SimulatedGpu.release(library);
    }

    @Test
    void errorsNameTheLineOfTheSource() {
        var error = assertThrows(
                SimulatedGpu.CompileError.class,
                () -> gpu.library("\nkernel void k(device float* a [[buffer(0)]]) {\n  a[0] = b;\n}\n"));
        assertEquals("MTLLibraryErrorDomain", error.domain());
        assertEquals(3, error.code());
        assertTrue(
                error.getMessage().startsWith("program_source:5:10: error: use of undeclared identifier 'b'"),
                error.getMessage());
        var expanded = assertThrows(
                SimulatedGpu.CompileError.class,
                () -> gpu.library("#define B b\n\nkernel void k(device float* a [[buffer(0)]]) { a[0] = B; }\n"));
        assertTrue(expanded.getMessage().startsWith("program_source:5:"), expanded.getMessage());
        var unbound = assertThrows(
                SimulatedGpu.CompileError.class,
                () -> gpu.library("kernel void k(device float* a [[buffer(0)]],\n  uint i) { a[i] = 0; }\n"));
        assertTrue(
                unbound.getMessage().contains("program_source:4: error: parameter 'i' of kernel 'k'"),
                unbound.getMessage());
        var index = assertThrows(
                SimulatedGpu.CompileError.class,
                () -> gpu.library("kernel void k(device float* a [[buffer(31)]]) { a[0] = 0; }\n"));
        assertTrue(index.getMessage().contains("out of bounds"), index.getMessage());
        var header = assertThrows(SimulatedGpu.CompileError.class, () -> gpu.library("#include \"mine.h\"\n"));
        assertTrue(header.getMessage().contains("mine.h"), header.getMessage());
    }

    @Test
    void anUnknownFunctionIsNil() {
        var library = gpu.library("kernel void k(device float* a [[buffer(0)]]) { a[0] = 0; }");
        assertTrue(
                SimulatedGpu.isNil(ObjC.send_p_p(library, SimulatedGpu.sel("newFunctionWithName:"), gpu.string("q"))));
        var names = ObjC.send_p(library, SimulatedGpu.sel("functionNames"));
        assertEquals(1, ObjC.send_u(names, SimulatedGpu.sel("count")));
        assertEquals("k", SimulatedGpu.text(ObjC.send_p_u(names, SimulatedGpu.sel("objectAtIndex:"), 0)));
        SimulatedGpu.release(library);
    }

    @Test
    void aPipelineKnowsItsLimits() {
        var pipeline = gpu.pipeline("""
                [[max_total_threads_per_threadgroup(96)]] kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
                  threadgroup int a[5];
                  a[i] = 1;
                  out[i] = a[i];
                }
                """);
        assertEquals(96, ObjC.send_u(pipeline, SimulatedGpu.sel("maxTotalThreadsPerThreadgroup")));
        assertEquals(32, ObjC.send_u(pipeline, SimulatedGpu.sel("threadExecutionWidth")));
        run(ObjC.send_p(pipeline, SimulatedGpu.sel("retain")), 5, 5, 5);
        assertEquals(20, ObjC.send_u(pipeline, SimulatedGpu.sel("staticThreadgroupMemoryLength")));
        SimulatedGpu.release(pipeline);
    }

    @Test
    void aCompiledLibraryIsFoundAgain() {
        String source = "kernel void k(device long* a [[buffer(0)]]) { a[0] = " + System.nanoTime() + "l; }";
        SimulatedGpu.release(gpu.library(source));
        assertEquals(1, SimulatedGpu.counter("compiles"));
        SimulatedGpu.release(gpu.library(source));
        assertEquals(1, SimulatedGpu.counter("compiles"));
        assertEquals(1, SimulatedGpu.counter("cacheHits"));
    }
}

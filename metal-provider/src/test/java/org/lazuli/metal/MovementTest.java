package org.lazuli.metal;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

class MovementTest {
    private static MetalBench bench;

    @BeforeContainer
    static void open() {
        bench = MetalBench.open();
    }

    @AfterContainer
    static void close() {
        if (bench != null) {
            bench.assertNoLeaks();
            bench.close();
        }
    }

    @Provide
    Arbitrary<DType> dtypes() {
        return Arbitraries.of(DType.values()).filter(dtype -> dtype != DType.FLOAT64);
    }

    @Provide
    Arbitrary<Shape> shapes() {
        return Arbitraries.integers()
                .between(0, 5)
                .array(int[].class)
                .ofMaxSize(5)
                .map(Shape::of);
    }

    private static Placed bits(DType dtype, Shape shape, long seed) {
        Placed words = Placed.random(DType.UINT8, Shape.of(shape.size() * dtype.bytes()), seed);
        return dtype == DType.BOOL
                ? Placed.random(dtype, shape, seed)
                : Placed.contiguous(new TensorSpec(dtype, shape), words.stored());
    }

    private static void assertSameBits(org.lazuli.spi.Kernel kernel, TensorSpec result, Placed... inputs) {
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                bench.onCpu(kernel, result, inputs), bench.onMetal(kernel, result, inputs), kernel + " on " + result);
    }

    @Property(tries = 150)
    void copies(
            @ForAll("dtypes") DType dtype,
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 4) int layout,
            @ForAll long seed) {
        Placed x = bits(dtype, shape, seed).layouts().get(layout);
        assertSameBits(new Primitive.Copy(), x.spec(), x);
    }

    @Property(tries = 100)
    void concatenates(
            @ForAll("dtypes") DType dtype,
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 4) int layout,
            @ForAll @IntRange(max = 4) int at,
            @ForAll long seed) {
        if (shape.rank() == 0) {
            return;
        }
        int axis = at % shape.rank();
        List<Placed> parts = new ArrayList<>();
        int length = 0;
        for (int i = 0; i < 3; i++) {
            int[] dims = shape.toArray();
            dims[axis] = (dims[axis] + i) % 5;
            length += dims[axis];
            parts.add(bits(dtype, Shape.of(dims), seed + i).layouts().get((layout + i) % 5));
        }
        int[] dims = shape.toArray();
        dims[axis] = length;
        assertSameBits(
                new Primitive.Concatenate(axis), new TensorSpec(dtype, Shape.of(dims)), parts.toArray(new Placed[0]));
    }

    @Property(tries = 150)
    void readsBitsAsAnotherDtype(
            @ForAll("dtypes") DType source,
            @ForAll("dtypes") DType target,
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 4) int layout,
            @ForAll long seed) {
        // A last axis of 8 elements can be divided for any dtype.
        int[] dims = java.util.Arrays.copyOf(shape.toArray(), shape.rank() + 1);
        dims[shape.rank()] = 8;
        Placed x = bits(source, Shape.of(dims), seed).layouts().get(layout);
        int[] result = dims.clone();
        result[dims.length - 1] = dims[dims.length - 1] * source.bytes() / target.bytes();
        assertSameBits(new Primitive.Bitcast(target), new TensorSpec(target, Shape.of(result)), x);
    }

    @Property(tries = 60)
    void counts(@ForAll("dtypes") DType dtype, @ForAll @IntRange(max = 70000) int length) {
        assertSameBits(new Primitive.Iota(dtype, length), new TensorSpec(dtype, Shape.of(length)));
    }

    @Property(tries = 150)
    void drawsTheSameBits(
            @ForAll("shapes") Shape shape,
            @ForAll("shapes") Shape keys,
            @ForAll @IntRange(max = 2) int log,
            @ForAll @IntRange(max = 4) int layout,
            @ForAll long seed) {
        int width = 1 << log;
        int[] keyDims = java.util.Arrays.copyOf(keys.toArray(), keys.rank() + 1);
        keyDims[keys.rank()] = 2;
        Placed key = bits(DType.UINT32, Shape.of(keyDims), seed).layouts().get(layout);
        int[] dims = java.util.Arrays.copyOf(keys.toArray(), keys.rank() + shape.rank());
        System.arraycopy(shape.toArray(), 0, dims, keys.rank(), shape.rank());
        DType dtype = width == 1 ? DType.UINT8 : width == 2 ? DType.UINT16 : DType.UINT32;
        assertSameBits(new Primitive.RandomBits(shape, width), new TensorSpec(dtype, Shape.of(dims)), key);
    }
}

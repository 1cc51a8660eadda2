package org.lazuli.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Accelerated;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Buffer;
import org.lazuli.spi.BufferPool;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedReduction;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.KernelCall;
import org.lazuli.spi.MemoryStats;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Stream;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Runs every kernel in plain Java on heap arrays, at once and on the calling thread.
///
/// The arithmetic of an element lives in the classes of its [Domain]; what moves elements knows only [Storage].
final class CpuBackend implements Backend {
    private static final String NAME = "cpu";

    private final BufferPool<Storage, Object> pool;
    private final @Nullable VectorSupport vectors;
    private final @Nullable Notice notice;
    private final Elementwise elementwise;
    private final Reduction reduction;
    private final MatrixProduct products;
    private final QuantizedProduct quantizedProducts;
    private final Convolutions convolutions;
    private final RowKernels rows;
    private final ExtremeGradients extremeGradients;
    private final Attention attention;
    private final AttentionGradient attentionGradient;
    private boolean closed;

    /// @param vectors the kernels of the Vector API, or null to compute everything with plain loops
    CpuBackend(@Nullable VectorSupport vectors) {
        this(vectors, null);
    }

    /// @param notice what the log is to say of this backend once it works, or null
    CpuBackend(@Nullable VectorSupport vectors, @Nullable Notice notice) {
        this.vectors = vectors;
        this.notice = notice;
        FloatGemm floats = new FloatGemm(vectors);
        elementwise = new Elementwise(new Instructions(vectors), new FusedLoops(vectors));
        reduction = new Reduction(vectors);
        products = new MatrixProduct(floats, vectors);
        quantizedProducts = new QuantizedProduct(floats, vectors);
        convolutions = new Convolutions(floats, vectors);
        rows = new RowKernels(vectors);
        extremeGradients = new ExtremeGradients(vectors);
        attention = new Attention(floats, vectors);
        attentionGradient = new AttentionGradient(floats, vectors);
        long heap = Runtime.getRuntime().maxMemory();
        pool = new BufferPool<>(NAME, heap / 10 * 8, Math.min(heap / 4, 1L << 31), new Storage.Heap());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        int threads = Workers.SHARED.threads();
        return System.getProperty("os.arch") + ", " + threads + (threads == 1 ? " thread" : " threads")
                + (vectors == null ? ", plain loops" : ", vectors of " + vectors.shape());
    }

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return Definitions.isDefined(kernel, inputs);
    }

    @Override
    public Buffer allocate(DType dtype, int elements) {
        checkOpen();
        return pool.allocate(Storage.of(dtype), (long) elements * dtype.bytes());
    }

    @Override
    public void release(Buffer buffer) {
        pool.release(buffer);
    }

    @Override
    public void upload(MemorySegment source, DType dtype, int elements, Buffer target) {
        checkOpen();
        Bits.upload(source, dtype, elements, ((BufferPool.Allocation<?>) target).storage());
    }

    @Override
    public void download(Tensor source, MemorySegment target) {
        checkOpen();
        Bits.download(source, target);
    }

    @Override
    public void uploadArray(Object source, DType dtype, int elements, Buffer target) {
        checkOpen();
        Bits.upload(source, dtype, elements, ((BufferPool.Allocation<?>) target).storage());
    }

    @Override
    public void downloadArray(Tensor source, Object target) {
        checkOpen();
        Bits.download(source, target);
    }

    @Override
    public void run(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Stream stream) {
        checkOpen();
        List<TensorSpec> specs = specs(kernel, inputs);
        Notice.begin(notice);
        dispatch(kernel, inputs, specs, outputs);
        Notice.end(notice);
    }

    @Override
    public void run(List<KernelCall> calls, Stream stream) {
        checkOpen();
        Notice.begin(notice);
        List<ElementWork> works = new ArrayList<>(calls.size());
        for (KernelCall call : calls) {
            List<TensorSpec> specs = specs(call.kernel(), call.inputs());
            if (!(call.kernel() instanceof FusedElementwise fused)) {
                dispatch(call.kernel(), call.inputs(), specs, call.outputs());
            } else if (!call.outputs().isEmpty()
                    && call.outputs().getFirst().shape().size() > 0) {
                works.add(elementwise.work(fused, call.inputs(), specs, call.outputs()));
            }
        }
        ElementWork.run(works);
        Notice.end(notice);
    }

    /// The operands' specs.
    ///
    /// @throws UnsupportedOperationException if the kernel is not defined for them
    private List<TensorSpec> specs(Kernel kernel, List<Tensor> inputs) {
        TensorSpec[] array = new TensorSpec[inputs.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = inputs.get(i).spec();
        }
        List<TensorSpec> specs = List.of(array);
        boolean known = kernel instanceof FusedElementwise fused && elementwise.isKnown(fused, specs);
        if (!known && !Definitions.isDefined(kernel, specs)) {
            throw new UnsupportedOperationException(NAME + ": " + kernel + " is not defined for " + specs);
        }
        return specs;
    }

    private void dispatch(Kernel kernel, List<Tensor> inputs, List<TensorSpec> specs, List<Tensor> outputs) {
        Tensor output = outputs.getFirst();
        switch (kernel) {
            case Accelerated.QuantizedMatMul(var how, boolean transpose) ->
                quantizedProducts.run(how, transpose, inputs, output);
            case Accelerated.Attention call -> attention.run(call, inputs, output);
            case Accelerated.AttentionGradient call -> attentionGradient.run(call, inputs, output);
            case Accelerated.ExtremeGradient(var axes) ->
                extremeGradients.run(axes, inputs.get(0), inputs.get(1), inputs.get(2), output);
            case Accelerated call -> rows.run(call, inputs, output);
            case FusedElementwise fused -> elementwise.run(fused, inputs, specs, outputs);
            case FusedReduction fused ->
                reduction.run(
                        fused.reduce().op(),
                        fused.reduce().axes(),
                        specs.getFirst().withDType(fused.dtype()),
                        output,
                        order -> elementwise.elements(fused.chain(), inputs, specs, order));
            case Primitive.Elementwise op -> elementwise.run(op, inputs, specs, output);
            case Primitive.Iota _ -> Creation.iota(output);
            case Primitive.RandomBits(var _, int width) -> RandomWords.run(width, inputs.getFirst(), output);
            case Primitive.Reduce(var op, var axes) -> reduction.run(op, axes, inputs.getFirst(), output);
            case Primitive.ArgReduce(var op, int axis) -> ArgReduction.run(op, axis, inputs.getFirst(), output);
            case Primitive.Scan(var op, int axis, boolean reverse, boolean inclusive) ->
                Scans.run(op, axis, reverse, inclusive, inputs.getFirst(), output);
            case Primitive.Sort(int axis) -> Sorting.sort(axis, inputs.getFirst(), output);
            case Primitive.ArgSort(int axis) -> Sorting.argSort(axis, inputs.getFirst(), output);
            case Primitive.Copy() -> Copies.toContiguous(inputs.getFirst(), Storage.array(output), 0);
            case Primitive.Bitcast _ -> Bits.bitcast(inputs.getFirst(), output);
            case Primitive.Concatenate(int axis) -> Concatenation.run(axis, inputs, output);
            case Primitive.Gather(var axes) -> Indexing.gather(axes, inputs, output);
            case Primitive.Scatter(var op, var axes) -> Indexing.scatter(op, axes, inputs, output);
            case Primitive.SliceUpdate(var op, var starts, var steps) ->
                Indexing.sliceUpdate(op, starts, steps, inputs.get(0), inputs.get(1), output);
            case Primitive.MatMul() -> products.run(inputs.get(0), inputs.get(1), output);
            case Primitive.Several several -> Matrices.run(several, inputs.getFirst(), outputs);
            case Primitive.Cholesky(boolean upper) -> Matrices.cholesky(upper, inputs.getFirst(), output);
            case Primitive.TriangularSolve(boolean upper) ->
                Matrices.solve(upper, inputs.get(0), inputs.get(1), output);
            case Primitive.Convolution convolution ->
                convolutions.run(convolution, inputs.get(0), inputs.get(1), output);
            case Primitive.FourierTransform transform -> Fourier.run(transform, inputs.getFirst(), output, vectors);
        }
    }

    @Override
    public void synchronize() {
        checkOpen();
    }

    @Override
    public MemoryStats memory() {
        return pool.stats();
    }

    @Override
    public void limits(long memoryLimit, long cacheLimit) {
        checkOpen();
        pool.limits(memoryLimit, cacheLimit);
    }

    @Override
    public void resetPeak() {
        pool.resetPeak();
    }

    @Override
    public void clearCache() {
        pool.clear();
    }

    @Override
    public void close() {
        closed = true;
        pool.clear();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(NAME + ": the backend is closed");
        }
    }
}

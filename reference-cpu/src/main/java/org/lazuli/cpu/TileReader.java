package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.Tensor;

/// Reads a tensor of any layout in row-major order, a piece at a time, into registers.
final class TileReader implements TileSource {
    private final DType dtype;
    private final Object source;
    private final Layout layout;
    private final int width;
    private final boolean direct;
    private @Nullable Object raw;

    TileReader(Tensor tensor) {
        this(tensor, Layout.of(tensor));
    }

    /// Reads the tensor's buffer in a layout of the caller's making, such as a transposed one.
    TileReader(Tensor tensor, Layout layout) {
        this.dtype = tensor.dtype();
        this.source = Storage.array(tensor);
        this.layout = layout;
        this.width = Storage.width(dtype);
        this.direct = Domain.isDirect(dtype);
    }

    /// A second reader of the same elements, for another thread.
    TileReader(TileReader other) {
        this(other, other.layout);
    }

    private TileReader(TileReader other, Layout layout) {
        this.dtype = other.dtype;
        this.source = other.source;
        this.layout = layout;
        this.width = other.width;
        this.direct = other.direct;
    }

    Layout layout() {
        return layout;
    }

    /// `n` times the first element.
    TileReader repeated(int n) {
        return new TileReader(this, Layout.repeated(n, layout.offset()));
    }

    @Override
    public void read(int start, int n, Object register) {
        if (layout.isContiguous()) {
            Conversions.widen(dtype, source, layout.offset() + start, register, n);
            return;
        }
        if (direct) {
            readRaw(start, n, register);
            return;
        }
        Object scratch = raw;
        if (scratch == null || java.lang.reflect.Array.getLength(scratch) < n * width) {
            scratch = Storage.of(dtype).array(Math.max(n, Tiles.SIZE) * width);
            raw = scratch;
        }
        readRaw(start, n, scratch);
        Conversions.widen(dtype, scratch, 0, register, n);
    }

    @Override
    public @Nullable Object inPlace() {
        return direct && layout.isContiguous() ? source : null;
    }

    @Override
    public int position(int element) {
        return layout.offset() + element;
    }

    /// Run by run. Where a run begins is counted on from the one before: dividing for each would take longer than copying a short one.
    private void readRaw(int start, int n, Object to) {
        int last = layout.rank() - 1;
        int inner = layout.dim(last);
        int stride = layout.stride(last);
        int column = start % inner;
        int[] index = new int[last];
        int position = layout.offset();
        for (int axis = last - 1, rest = start / inner; axis >= 0; axis--) {
            index[axis] = rest % layout.dim(axis);
            rest /= layout.dim(axis);
            position += index[axis] * layout.stride(axis);
        }
        for (int done = 0; ; ) {
            int run = Math.min(inner - column, n - done);
            Runs.copy(source, position + column * stride, stride, to, done, 1, run, width);
            done += run;
            if (done == n) {
                return;
            }
            column = 0;
            for (int axis = last - 1; axis >= 0; axis--) {
                position += layout.stride(axis);
                if (++index[axis] < layout.dim(axis)) {
                    break;
                }
                position -= layout.dim(axis) * layout.stride(axis);
                index[axis] = 0;
            }
        }
    }
}

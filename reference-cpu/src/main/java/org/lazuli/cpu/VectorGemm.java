package org.lazuli.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Products of float matrices in tiles of a [MicroKernel].
///
/// Operands are read where they lie as long as they are small; what is large or lies badly is packed into panels first, the right operand once
/// for all threads. A vector is not treated as a narrow matrix: its product reads the other operand once, as it lies.
///
/// Blocks as in K. Goto, R. van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008.
final class VectorGemm {
    /// Rows of the right operand to a block: a panel of them comes from the second-level cache as fast as it is used, and the fewer blocks, the less often
    /// is the result read and written.
    private static final int DEPTH = 1024;

    /// The same with vectors of eight elements or less, for a panel to stay in the first-level cache while both halves of a strip meet it.
    private static final int DEPTH_OF_SHORT = 256;

    /// Rows of the right operand to a block that is not packed.
    private static final int SHALLOW = 64;

    /// Columns of the right operand to a block.
    private static final int COLUMNS = 1024;

    /// A right operand that meets at most this many strips of rows is read where it lies.
    private static final int SELDOM = 2;

    /// Or that has at most this many elements, and meets four times as many strips.
    private static final int SMALL = 1 << 13;

    /// Strips of rows that are packed together.
    private static final int GROUP = 4;

    /// A left operand whose rows lie element by element, and that meets at most this many panels, is read where it lies; half as many with short
    /// vectors.
    private static final int NARROW = 8;

    /// Multiplications to a part: a microsecond.
    private static final long GRAIN = 1 << 16;

    /// A left operand of at most so many elements stays in the second-level cache: in a product with it, each thread may pack what it uses of the right
    /// operand for itself.
    private static final int NEAR = 1 << 18;

    /// One whose rows lie element by element, and that meets more than [#NARROW] panels, must have at most so many rows for that: to read more of them where
    /// they lie takes longer than to wait for panels that another core has packed.
    private static final int LOW = 512;

    /// Elements of the right operand that a thread packs at a time, and reads again and again.
    private static final int HELD = 1 << 15;

    /// In how many groups panels are packed at least, where there are so many: each thread should have some.
    private static final int GROUPS = 4;

    /// The rows of a band are at least so many times as many as there are columns. Bands go to threads rather than columns where there are several: the kernels
    /// around a product share rows out alike, so a thread reads what it wrote, and for each band to pack the right operand is little beside that.
    private static final int TALL = 2;

    /// Multiplications to a part of such a product: two microseconds.
    private static final long PIECE = 1 << 18;

    /// Parts to a block at most.
    private static final int PARTS = 128;

    /// Panels to a part, for what is packed of the left operand to be used often; [#FEW] where there are few strips.
    private static final int BROAD = 16;

    /// Fewer columns than this are taken one by one.
    private static final int FEW = 4;

    private final MicroKernel kernel;
    private final Packing packing;
    private final InnerProducts inner;
    private final int rows;
    private final int lanes;
    private final int wide;

    /// The depth of a block, and [#NARROW], for this length of vectors.
    private final int deepest;

    private final int narrow;

    VectorGemm(MicroKernel kernel) {
        this.kernel = kernel;
        packing = new Packing(kernel);
        inner = new InnerProducts(kernel, packing);
        rows = kernel.rows();
        lanes = kernel.lanes();
        wide = 2 * lanes;
        deepest = lanes > 8 ? DEPTH : DEPTH_OF_SHORT;
        narrow = lanes > 8 ? NARROW : NARROW / 2;
    }

    /// Stores (n,k) times (k,m) to `c`, whose rows begin `stride` apart. None of the sizes is 0.
    void multiply(int n, int m, int k, Matrix a, Matrix b, float[] c, int at, int stride) {
        if (n == 1 && isEven(b)) {
            vector(m, k, b.transposed(), row(a, k), c, at);
        } else if (n < FEW && b.rowStride() == 1) {
            for (int i = 0; i < n; i++) {
                vector(m, k, b.transposed(), row(a.from(i), k), c, at + i * stride);
            }
        } else if (m < FEW && n >= m && isEven(a)) {
            float[] column = new float[n];
            for (int j = 0; j < m; j++) {
                vector(n, k, a, row(b.transposed().from(j), k), column, 0);
                Runs.copy(column, 0, 1, c, at + j, stride, n, 1);
            }
        } else if (inner.suits(n, m, k, a)) {
            inner.multiply(n, m, k, a, b, c, at, stride);
        } else if (n <= lanes && m > n && b.rowStride() == 1 && b.columnStride() != 1) {
            // The other way around, the large operand need not be packed.
            float[] transposed = new float[m * n];
            multiply(m, n, k, b.transposed(), a.transposed(), transposed, 0, n);
            for (int i = 0; i < n; i++) {
                Runs.copy(transposed, i, n, c, at + i * stride, 1, m, 1);
            }
        } else {
            matrix(n, m, k, a, b, c, at, stride);
        }
    }

    /// True if elements lie next to each other along one axis.
    private static boolean isEven(Matrix a) {
        return a.rowStride() == 1 || a.columnStride() == 1;
    }

    /// The first row in an array of its own.
    private static float[] row(Matrix a, int n) {
        float[] x = new float[n];
        Runs.copy(a.array(), a.at(), a.columnStride(), x, 0, 1, n, 1);
        return x;
    }

    // ----------------------------------------------------------------------------------------------- vectors

    /// Stores (n,k) times the vector `x` from `y[at]` on.
    private void vector(int n, int k, Matrix a, float[] x, float[] y, int at) {
        float[] elements = (float[]) a.array();
        if (a.columnStride() == 1) {
            int count = Math.clamp(GRAIN / k, 4, Math.max(n, 4)) / 4 * 4;
            Workers.SHARED.run((n + count - 1) / count, part -> {
                int from = part * count;
                int own = Math.min(count, n - from);
                kernel.dots(elements, a.at() + from * a.rowStride(), a.rowStride(), own, x, k, y, at + from, false);
            });
            return;
        }
        int count = n <= 2 * COLUMNS || (long) n * k < GRAIN << 1 ? n : 2 * COLUMNS;
        Workers.SHARED.run((n + count - 1) / count, part -> {
            int from = part * count;
            int own = Math.min(count, n - from);
            Arrays.fill(y, at + from, at + from + own, 0);
            kernel.sweep(elements, a.at() + from, a.columnStride(), k, x, y, at + from, own);
        });
    }

    // ---------------------------------------------------------------------------------------------- matrices

    private void matrix(int n, int m, int k, Matrix a, Matrix b, float[] c, int at, int stride) {
        // What one or two strips of rows use is not worth packing; but the fewer rows at a time, the fewer pages of
        // memory.
        boolean seldom = n <= SELDOM * rows;
        boolean small = n <= 4 * SELDOM * rows && (long) (k - 1) * b.rowStride() + m <= SMALL;
        boolean direct = b.columnStride() == 1 && (seldom || small);
        if (direct) {
            Block block = new Block(a, null, Panels.of(packing, b, k, m, true), n, m, k, false);
            block(block, seldom ? SHALLOW : deepest, c, at, stride);
            return;
        }
        boolean near = (long) n * k <= NEAR && k >= SHALLOW && k <= deepest && m > wide;
        boolean rowsAsTheyLie = a.columnStride() == 1 && (m <= narrow * wide || n <= LOW);
        if (near && (rowsAsTheyLie || a.rowStride() == 1)) {
            apart(n, m, k, a, b, c, at, stride);
            return;
        }
        // Panels one vector wide take half of the room.
        int most = m <= lanes ? 2 * deepest : deepest;
        for (int p = 0; p < k; p += most) {
            int depth = Math.min(most, k - p);
            for (int j = 0; j < m; j += COLUMNS) {
                int columns = Math.min(COLUMNS, m - j);
                Panels right = Panels.of(packing, b.from(p).fromColumn(j), depth, columns, false);
                block(new Block(a.fromColumn(p), null, right, n, columns, depth, p > 0), depth, c, at + j, stride);
            }
        }
    }

    /// A product by a few panels at a time, of which each thread packs those that it comes to, and strips of a left operand that lies by columns: none waits
    /// for the other to begin, and what is packed stays in the cache of the thread that packed it. Cores may be far from each other, and what one has
    /// just written then takes the other several times as long to read as what has been read before.
    private void apart(int n, int m, int k, Matrix a, Matrix b, float[] c, int at, int stride) {
        int strips = (n + rows - 1) / rows;
        int panels = (m + wide - 1) / wide;
        int most = Math.clamp(HELD / ((long) k * wide), 1, Math.max(panels / GROUPS, 1));
        int groups = (panels + most - 1) / most;
        int pieces = Math.clamp((long) n * most * wide * k / PIECE, 1, strips);
        int tall = (strips + pieces - 1) / pieces;
        int down = (strips + tall - 1) / tall;
        int bands = Math.clamp(n / ((long) TALL * m), 1, Math.min(Workers.SHARED.threads(), down));
        int each = (down + bands - 1) / bands;
        Packed.Product product = new Packed.Product();
        Workers.SHARED.run(bands * groups * each, part -> {
            int band = part / (groups * each);
            int panel = part / each % groups * most;
            int first = (band * each + part % each) * tall;
            int end = Math.min(first + tall, strips);
            if (first >= end) {
                return;
            }
            Packed own = Packed.of(product);
            int last = Math.min(panel + most, panels);
            Panels right = Panels.some(own, packing, b, k, m, panel, last - panel);
            float[] left = a.columnStride() == 1 ? null : left(own, a, n, k);
            Block block = new Block(a, left, right, n, m, k, false);
            for (int strip = first; strip < end; strip += GROUP) {
                strips(block, strip, Math.min(GROUP, end - strip), panel, last, c, at, stride);
            }
        });
    }

    /// All strips of a left operand, packed by this thread for itself, unless it still has them.
    private float[] left(Packed own, Matrix a, int n, int k) {
        int whole = n / rows;
        int rest = n % rows;
        float[] packed = Scratch.floats(Scratch.Use.STRIPS, (n + rows - 1) * k);
        if (!own.hasStrips()) {
            pack(a, whole, k, packed);
            if (rest > 0) {
                pad(a.from(whole * rows), rest, k, packed, whole * rows * k);
            }
        }
        return packed;
    }

    /// A product of limited depth and width.
    ///
    /// @param strips the left operand in strips one after the other, if it is packed as a whole
    /// @param add whether it is added to what is there
    private record Block(
            Matrix left, float @Nullable [] strips, Panels right, int n, int columns, int depth, boolean add) {
        /// `count` columns of the left operand, and as many rows of the right one, from `p` on.
        Block part(int p, int count) {
            if (p == 0 && count == depth) {
                return this;
            }
            return new Block(left.fromColumn(p), null, right.startingAt(p), n, columns, count, add || p > 0);
        }
    }

    /// @param most what each part of the block takes of the depth at once
    private void block(Block block, int most, float[] c, int at, int stride) {
        int strips = (block.n + rows - 1) / rows;
        int panels = (block.columns + wide - 1) / wide;
        int parts = Math.clamp((long) block.n * block.columns * block.depth / GRAIN, 1, PARTS);
        int together = block.left.columnStride() == 1 ? 1 : GROUP;
        int tall = (Math.max(strips / parts, 1) + together - 1) / together * together;
        int down = (strips + tall - 1) / tall;
        int least = Math.min(down < FEW ? FEW : BROAD, panels);
        int broad = Math.clamp(panels * down / parts, least, panels);
        int across = (panels + broad - 1) / broad;
        Workers.SHARED.run(down * across, part -> {
            int first = part / across * tall;
            int panel = part % across * broad;
            int end = Math.min(first + tall, strips);
            int last = Math.min(panel + broad, panels);
            for (int p = 0; p < block.depth; p += most) {
                Block piece = block.part(p, Math.min(most, block.depth - p));
                for (int strip = first; strip < end; strip += GROUP) {
                    strips(piece, strip, Math.min(GROUP, end - strip), panel, last, c, at, stride);
                }
            }
        });
    }

    /// Some strips of rows of the result, each as many rows as the kernel takes at once, from one panel of columns to another: panel by panel, so that
    /// each comes from afar once for all of the strips.
    private void strips(Block block, int first, int count, int panel, int last, float[] c, int at, int stride) {
        int start = first * rows;
        int own = Math.min(rows, block.n - start);
        boolean whole = start + count * rows <= block.n;
        if (!whole && count > 1) {
            strips(block, first, count - 1, panel, last, c, at, stride);
            strips(block, first + count - 1, 1, panel, last, c, at, stride);
            return;
        }
        Matrix left = block.left;
        int tall = tall(own);
        int size = rows * block.depth;
        float[] a = block.strips;
        int aAt = first * size;
        int aRow = 1;
        int aColumn = tall;
        int apart = size;
        if (a == null && own == tall && (left.columnStride() == 1 ? last - panel <= narrow : left.rowStride() != 1)) {
            a = (float[]) left.array();
            aAt = left.at() + start * left.rowStride();
            aRow = left.rowStride();
            aColumn = left.columnStride();
            apart = rows * aRow;
        } else if (a == null) {
            a = Scratch.floats(Scratch.Use.STRIPS, count * size);
            aAt = 0;
            if (own == rows) {
                pack(left.from(start), count, block.depth, a);
            } else {
                pad(left.from(start), own, block.depth, a, 0);
            }
        }
        while (panel < last) {
            int to = at + start * stride + panel * wide;
            int full = own == tall ? block.right.full(panel, last) : 0;
            if (full == 0) {
                for (int strip = 0; strip < count; strip++) {
                    int below = to + strip * rows * stride;
                    tile(block, a, aAt + strip * apart, aRow, aColumn, own, tall, panel, c, below, stride);
                }
                panel++;
            } else if (count == 1) {
                int next = block.right.apart(panel);
                each(block, full, 0, next, wide, a, aAt, aRow, aColumn, tall, panel, c, to, stride);
                panel += full;
            } else {
                each(block, count, apart, 0, rows * stride, a, aAt, aRow, aColumn, tall, panel, c, to, stride);
                panel++;
            }
        }
    }

    /// Several tiles with full panels, those of one panel or those of one strip.
    private void each(
            Block block,
            int times,
            int aStep,
            int bStep,
            int cStep,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            int tall,
            int panel,
            float[] c,
            int to,
            int stride) {
        Panels right = block.right;
        float[] b = right.array(panel);
        int bAt = right.at(panel);
        int bRow = right.row(panel);
        kernel.multiplyEach(
                times,
                aStep,
                bStep,
                cStep,
                tall,
                2,
                a,
                aAt,
                aRow,
                aColumn,
                b,
                bAt,
                bRow,
                block.depth,
                c,
                to,
                stride,
                block.add);
    }

    /// The rows of a tile for so many.
    private int tall(int own) {
        return own <= 4 ? 4 : rows;
    }

    /// Packs the first `count` strips of a matrix.
    private void pack(Matrix a, int count, int depth, float[] packed) {
        if (a.rowStride() == 1) {
            // Side by side, since columns of several strips lie in one line of the cache.
            for (int strip = 0; strip < count; strip += GROUP) {
                int some = Math.min(GROUP, count - strip);
                kernel.gatherStrips(
                        (float[]) a.array(),
                        a.at() + strip * rows,
                        a.columnStride(),
                        some,
                        depth,
                        packed,
                        strip * rows * depth);
            }
            return;
        }
        for (int strip = 0; strip < count; strip++) {
            packing.pack(a.from(strip * rows), rows, depth, packed, strip * rows * depth, rows);
        }
    }

    /// Packs a strip of fewer rows than others, with zeros behind them.
    private void pad(Matrix a, int own, int depth, float[] packed, int at) {
        int tall = tall(own);
        Arrays.fill(packed, at, at + tall * depth, 0);
        packing.pack(a, own, depth, packed, at, tall);
    }

    /// A tile of the result that begins at `c[to]`: `own` of `tall` rows, and as many columns as the panel has.
    private void tile(
            Block block,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            int own,
            int tall,
            int panel,
            float[] c,
            int to,
            int stride) {
        int columns = Math.min(wide, block.columns - panel * wide);
        int vectors = columns <= lanes ? 1 : 2;
        int depth = block.depth;
        Panels right = block.right;
        float[] b = right.array(panel);
        int bAt = right.at(panel);
        int bRow = right.row(panel);
        if (own == tall && columns == vectors * lanes) {
            kernel.multiply(tall, vectors, a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, to, stride, block.add);
            return;
        }
        float[] tile = Scratch.floats(Scratch.Use.PRODUCTS, rows * wide);
        if (block.add) {
            for (int r = 0; r < own; r++) {
                System.arraycopy(c, to + r * stride, tile, r * wide, columns);
            }
        }
        kernel.multiply(tall, vectors, a, aAt, aRow, aColumn, b, bAt, bRow, depth, tile, 0, wide, block.add);
        for (int r = 0; r < own; r++) {
            System.arraycopy(tile, r * wide, c, to + r * stride, columns);
        }
    }
}

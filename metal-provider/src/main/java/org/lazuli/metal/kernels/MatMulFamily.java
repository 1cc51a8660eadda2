package org.lazuli.metal.kernels;

import java.util.List;
import java.util.Locale;
import org.lazuli.DType;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Batches of matrix products. float16 and bfloat16 are multiplied and added up in float32; complex64 as four real sums.
///
/// Every kernel reads its operands where they lie, whatever their strides; which way they lie decides along which axis neighbouring threads
/// load. A vector on either side has kernels of its own; small products take one thread an element; the others are made by tiles,
/// and where there are few of them the depth is shared between threadgroups as well.
final class MatMulFamily implements KernelFamily {
    /// A tile is made by four simdgroups.
    private static final int TILE_THREADS = 128;

    private static final int SMALL_TILE = 32;
    private static final int LARGE_TILE = 64;
    private static final int COMPLEX_TILE = 16;

    /// How far along the depth a tile goes at a time.
    static final int DEPTH = 16;

    /// As many tiles keep a device busy; with fewer the depth is shared too.
    private static final int MANY_TILES = 64;

    /// A part of the depth is at least this deep.
    private static final int LEAST_PART = 256;

    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof Primitive.MatMul && inputs.getFirst().dtype().isInexact();
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor result = outputs.getFirst();
        if (result.shape().size() == 0) {
            return;
        }
        Product product = Product.of(inputs.get(0), inputs.get(1), result);
        if (product.columns() == 1 && !product.isComplex()) {
            vector(product, commands);
        } else if (product.rows() == 1 && !product.isComplex()) {
            vector(product.transposed(), commands);
        } else if (product.isSmall()) {
            small(product, commands);
        } else if (product.isComplex()) {
            complex(product, commands);
        } else {
            tiles(product, commands);
        }
    }

    private static void small(Product p, Commands commands) {
        String type = Msl.storage(p.result().dtype());
        String name = "matmul_small_" + type;
        commands.kernel(
                        name,
                        () -> KernelText.of("MATMUL_SMALL", name)
                                .define("OPERAND", type)
                                .define("COMPLEX", p.isComplex())
                                .with("places", "matmul_small"))
                .read(p.left())
                .read(p.right())
                .write(p.result())
                .ints(p.sizes())
                .ints(Places.layout(p.batches()))
                .threads(p.columns(), p.rows(), p.size(), 16, 8, 1);
    }

    private static void complex(Product p, Commands commands) {
        String name = "matmul_complex";
        commands.kernel(name, () -> KernelText.of("MATMUL_COMPLEX", name).with("places", "matmul_complex"))
                .read(p.left())
                .read(p.right())
                .write(p.result())
                .ints(p.sizes())
                .ints(Places.layout(p.batches()))
                .groups(
                        Math.ceilDiv(p.columns(), COMPLEX_TILE),
                        Math.ceilDiv(p.rows(), COMPLEX_TILE),
                        p.size(),
                        COMPLEX_TILE,
                        COMPLEX_TILE,
                        1);
    }

    private static void tiles(Product p, Commands commands) {
        int batches = p.size();
        int tile = p.rows() > SMALL_TILE && p.columns() > SMALL_TILE && tiles(p, LARGE_TILE) >= MANY_TILES / 4
                ? LARGE_TILE
                : SMALL_TILE;
        int parts = Math.clamp(p.depth() / LEAST_PART, 1, Math.max(1, MANY_TILES / tiles(p, tile)));
        int part = Math.ceilDiv(Math.ceilDiv(p.depth(), parts), DEPTH) * DEPTH;
        parts = Math.ceilDiv(p.depth(), part);
        boolean aligned = p.rows() % tile == 0 && p.columns() % tile == 0 && p.depth() % DEPTH == 0;
        boolean leftByColumns = p.leftByColumns();
        boolean rightByColumns = p.rightByColumns();
        String type = Msl.storage(p.result().dtype());
        Tensor target = parts == 1
                ? p.result()
                : commands.temporary(DType.FLOAT32, parts * p.result().shape().size());
        String sum = Msl.storage(target.dtype());
        String name = "matmul_" + type + (sum.equals(type) ? "" : "_parts") + "_" + tile + (leftByColumns ? "_t" : "_n")
                + (rightByColumns ? "t" : "n") + (aligned ? "_aligned" : "");
        commands.kernel(
                        name,
                        () -> KernelText.of("MATMUL", name)
                                .define("OPERAND", type)
                                .define("RESULT", sum)
                                .define("TILE", tile)
                                .define("LEFT_BY_COLUMNS", leftByColumns)
                                .define("RIGHT_BY_COLUMNS", rightByColumns)
                                .define("ALIGNED", aligned)
                                .with("tiles", "places", "matmul"))
                .read(p.left())
                .read(p.right())
                .write(target)
                .ints(
                        p.rows(),
                        p.columns(),
                        p.depth(),
                        p.leftRow(),
                        p.leftDepth(),
                        p.rightDepth(),
                        p.rightColumn(),
                        parts,
                        part)
                .ints(Places.layout(p.batches()))
                .groups(
                        Math.ceilDiv(p.columns(), tile),
                        Math.ceilDiv(p.rows(), tile),
                        batches * parts,
                        TILE_THREADS,
                        1,
                        1);
        if (parts > 1) {
            String adding = "matmul_add_parts_" + type;
            commands.kernel(
                            adding,
                            () -> KernelText.of("MATMUL_PARTS", adding)
                                    .define("RESULT", type)
                                    .with("matmul_parts"))
                    .read(target)
                    .write(p.result())
                    .ints(p.result().shape().size(), parts)
                    .threads(p.result().shape().size());
        }
    }

    private static int tiles(Product p, int tile) {
        long tiles = (long) Math.ceilDiv(p.rows(), tile) * Math.ceilDiv(p.columns(), tile) * p.size();
        return (int) Math.min(tiles, Integer.MAX_VALUE);
    }

    /// The left operand times the right one, which is a column.
    private static void vector(Product p, Commands commands) {
        boolean columns = p.leftByColumns() && p.rows() > 1;
        boolean deep = !columns && p.depth() >= 1024 && p.rows() * p.size() < 4 * MANY_TILES;
        String type = Msl.storage(p.result().dtype());
        String way = columns ? "columns" : deep ? "deep" : "rows";
        String name = "gemv_" + way + "_" + type;
        Dispatch dispatch = commands.kernel(
                        name,
                        () -> KernelText.of("GEMV_" + way.toUpperCase(Locale.ROOT), name)
                                .define("ELEMENT", type)
                                .with("places", "gemv"))
                .read(p.left())
                .read(p.right())
                .write(p.result())
                .ints(p.rows(), p.depth(), p.leftRow(), p.leftDepth(), p.rightDepth())
                .ints(Places.layout(p.batches()));
        // Where simdgroups share the depth, one for each 32 elements.
        int most = Math.min(columns || deep ? 16 : 4, dispatch.maxThreads() / 32);
        int simdgroups = columns || deep ? Math.clamp(Math.ceilDiv(p.depth(), 32), 1, most) : most;
        int groups = columns ? Math.ceilDiv(p.rows(), 32) : deep ? p.rows() : Math.ceilDiv(p.rows(), 4 * simdgroups);
        dispatch.groups(groups, 1, p.size(), 32 * simdgroups, 1, 1);
    }
}

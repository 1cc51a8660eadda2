package org.lazuli.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [MicroKernel] by the Vector API: a tile's elements stay in registers while the depth runs.
final class VectorMicroKernel extends MicroKernel {
    private static final VectorSpecies<Float> SPECIES = VectorFunctions.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /// Half a vector of the machine's.
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 2)));

    private static final int HALVES = HALF.length();

    /// Machines with vectors of 256 bits have sixteen registers: half a tile at a time leaves some for the operands.
    private static final boolean HALVED = SPECIES.vectorBitSize() == 256;

    @Override
    int rows() {
        return VectorTiles.ROWS;
    }

    @Override
    int lanes() {
        return LANES;
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    private static FloatVector half(float[] a, int i) {
        return FloatVector.fromArray(HALF, a, i);
    }

    @Override
    void multiply(
            int rows,
            int vectors,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        if (rows == VectorTiles.ROWS && HALVED) {
            multiply(4, vectors, a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow, add);
            multiply(4, vectors, a, aAt + 4 * aRow, aRow, aColumn, b, bAt, bRow, depth, c, cAt + 4 * cRow, cRow, add);
        } else if (rows == VectorTiles.ROWS) {
            if (vectors == 2 && bRow == VectorTiles.WIDE && aColumn == 1) {
                VectorTiles.lines(a, aAt, aRow, b, bAt, depth, c, cAt, cRow, add);
            } else if (vectors == 2 && bRow == VectorTiles.WIDE && aRow == 1 && aColumn == VectorTiles.ROWS) {
                VectorTiles.packed(a, aAt, b, bAt, depth, c, cAt, cRow, add);
            } else if (vectors == 1 && bRow == LANES && aColumn == 1 && !add) {
                VectorTiles.narrow(a, aAt, aRow, b, bAt, depth, c, cAt, cRow);
            } else if (vectors == 2) {
                tile8x2(a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow, add);
            } else {
                tile8x1(a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow, add);
            }
        } else if (vectors == 2 && bRow == VectorTiles.WIDE && aRow == 1 && aColumn == VectorTiles.ROWS) {
            VectorTiles.packedHalf(a, aAt, b, bAt, depth, c, cAt, cRow, add);
        } else if (vectors == 2) {
            tile4x2(a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow, add);
        } else {
            tile4x1(a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow, add);
        }
    }

    @Override
    void multiplyEach(
            int times,
            int aStep,
            int bStep,
            int cStep,
            int rows,
            int vectors,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        boolean wide = rows == VectorTiles.ROWS && !HALVED && vectors == 2 && bRow == VectorTiles.WIDE;
        if (wide && aColumn == 1) {
            for (int i = 0; i < times; i++) {
                VectorTiles.lines(a, aAt + i * aStep, aRow, b, bAt + i * bStep, depth, c, cAt + i * cStep, cRow, add);
            }
        } else if (wide && aRow == 1 && aColumn == VectorTiles.ROWS) {
            for (int i = 0; i < times; i++) {
                VectorTiles.packed(a, aAt + i * aStep, b, bAt + i * bStep, depth, c, cAt + i * cStep, cRow, add);
            }
        } else {
            super.multiplyEach(
                    times, aStep, bStep, cStep, rows, vectors, a, aAt, aRow, aColumn, b, bAt, bRow, depth, c, cAt, cRow,
                    add);
        }
    }

    @Override
    void lines(
            float[] a,
            int aAt,
            int aRow,
            int aLine,
            float[] b,
            int bAt,
            int bLine,
            int count,
            int depth,
            float[] c,
            int cAt,
            int cRow) {
        VectorLines.lines(a, aAt, aRow, aLine, b, bAt, bLine, count, depth, c, cAt, cRow);
    }

    @Override
    void inner(
            float[] a,
            int aAt,
            int aRow,
            int rows,
            float[] b,
            int bAt,
            int bLine,
            int columns,
            int depth,
            float[] sums,
            int at) {
        int row = columns * LANES;
        int tall = HALVED ? 2 : 4;
        for (int r = 0; r < rows; r += tall) {
            for (int j = 0; j < columns; j += VectorInner.COLUMNS) {
                int from = aAt + r * aRow;
                int to = at + r * row + j * LANES;
                if (HALVED) {
                    VectorInner.pair(a, from, aRow, b, bAt + j * bLine, bLine, depth, sums, to, row);
                } else {
                    VectorInner.four(a, from, aRow, b, bAt + j * bLine, bLine, depth, sums, to, row);
                }
            }
        }
    }

    @Override
    void fold(float[] sums, int at, int count, float[] to) {
        VectorInner.fold(sums, at, count, to);
    }

    private static void tile8x2(
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = FloatVector.zero(SPECIES);
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = FloatVector.zero(SPECIES);
        if (add) {
            c00 = load(c, cAt);
            c01 = load(c, cAt + LANES);
            c10 = load(c, cAt + cRow);
            c11 = load(c, cAt + cRow + LANES);
            c20 = load(c, cAt + 2 * cRow);
            c21 = load(c, cAt + 2 * cRow + LANES);
            c30 = load(c, cAt + 3 * cRow);
            c31 = load(c, cAt + 3 * cRow + LANES);
            c40 = load(c, cAt + 4 * cRow);
            c41 = load(c, cAt + 4 * cRow + LANES);
            c50 = load(c, cAt + 5 * cRow);
            c51 = load(c, cAt + 5 * cRow + LANES);
            c60 = load(c, cAt + 6 * cRow);
            c61 = load(c, cAt + 6 * cRow + LANES);
            c70 = load(c, cAt + 7 * cRow);
            c71 = load(c, cAt + 7 * cRow + LANES);
        }
        for (int p = 0, i = aAt, j = bAt; p < depth; p++, i += aColumn, j += bRow) {
            FloatVector b0 = load(b, j);
            FloatVector b1 = load(b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + aRow]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2 * aRow]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3 * aRow]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[i + 4 * aRow]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[i + 5 * aRow]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[i + 6 * aRow]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[i + 7 * aRow]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
        c40.intoArray(c, cAt + 4 * cRow);
        c41.intoArray(c, cAt + 4 * cRow + LANES);
        c50.intoArray(c, cAt + 5 * cRow);
        c51.intoArray(c, cAt + 5 * cRow + LANES);
        c60.intoArray(c, cAt + 6 * cRow);
        c61.intoArray(c, cAt + 6 * cRow + LANES);
        c70.intoArray(c, cAt + 7 * cRow);
        c71.intoArray(c, cAt + 7 * cRow + LANES);
    }

    /// One vector wide, in halves: with a whole vector each factor would be used once, and to spread it over the lanes takes as long as to multiply.
    private static void tile8x1(
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        FloatVector c00 = FloatVector.zero(HALF);
        FloatVector c01 = FloatVector.zero(HALF);
        FloatVector c10 = FloatVector.zero(HALF);
        FloatVector c11 = FloatVector.zero(HALF);
        FloatVector c20 = FloatVector.zero(HALF);
        FloatVector c21 = FloatVector.zero(HALF);
        FloatVector c30 = FloatVector.zero(HALF);
        FloatVector c31 = FloatVector.zero(HALF);
        FloatVector c40 = FloatVector.zero(HALF);
        FloatVector c41 = FloatVector.zero(HALF);
        FloatVector c50 = FloatVector.zero(HALF);
        FloatVector c51 = FloatVector.zero(HALF);
        FloatVector c60 = FloatVector.zero(HALF);
        FloatVector c61 = FloatVector.zero(HALF);
        FloatVector c70 = FloatVector.zero(HALF);
        FloatVector c71 = FloatVector.zero(HALF);
        if (add) {
            c00 = half(c, cAt);
            c01 = half(c, cAt + HALVES);
            c10 = half(c, cAt + cRow);
            c11 = half(c, cAt + cRow + HALVES);
            c20 = half(c, cAt + 2 * cRow);
            c21 = half(c, cAt + 2 * cRow + HALVES);
            c30 = half(c, cAt + 3 * cRow);
            c31 = half(c, cAt + 3 * cRow + HALVES);
            c40 = half(c, cAt + 4 * cRow);
            c41 = half(c, cAt + 4 * cRow + HALVES);
            c50 = half(c, cAt + 5 * cRow);
            c51 = half(c, cAt + 5 * cRow + HALVES);
            c60 = half(c, cAt + 6 * cRow);
            c61 = half(c, cAt + 6 * cRow + HALVES);
            c70 = half(c, cAt + 7 * cRow);
            c71 = half(c, cAt + 7 * cRow + HALVES);
        }
        for (int p = 0, i = aAt, j = bAt; p < depth; p++, i += aColumn, j += bRow) {
            FloatVector b0 = half(b, j);
            FloatVector b1 = half(b, j + HALVES);
            FloatVector a0 = FloatVector.broadcast(HALF, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(HALF, a[i + aRow]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(HALF, a[i + 2 * aRow]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(HALF, a[i + 3 * aRow]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(HALF, a[i + 4 * aRow]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(HALF, a[i + 5 * aRow]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(HALF, a[i + 6 * aRow]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(HALF, a[i + 7 * aRow]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + HALVES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + HALVES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + HALVES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + HALVES);
        c40.intoArray(c, cAt + 4 * cRow);
        c41.intoArray(c, cAt + 4 * cRow + HALVES);
        c50.intoArray(c, cAt + 5 * cRow);
        c51.intoArray(c, cAt + 5 * cRow + HALVES);
        c60.intoArray(c, cAt + 6 * cRow);
        c61.intoArray(c, cAt + 6 * cRow + HALVES);
        c70.intoArray(c, cAt + 7 * cRow);
        c71.intoArray(c, cAt + 7 * cRow + HALVES);
    }

    private static void tile4x2(
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        if (add) {
            c00 = load(c, cAt);
            c01 = load(c, cAt + LANES);
            c10 = load(c, cAt + cRow);
            c11 = load(c, cAt + cRow + LANES);
            c20 = load(c, cAt + 2 * cRow);
            c21 = load(c, cAt + 2 * cRow + LANES);
            c30 = load(c, cAt + 3 * cRow);
            c31 = load(c, cAt + 3 * cRow + LANES);
        }
        for (int p = 0, i = aAt, j = bAt; p < depth; p++, i += aColumn, j += bRow) {
            FloatVector b0 = load(b, j);
            FloatVector b1 = load(b, j + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + aRow]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2 * aRow]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3 * aRow]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
    }

    private static void tile4x1(
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        if (add) {
            c00 = load(c, cAt);
            c10 = load(c, cAt + cRow);
            c20 = load(c, cAt + 2 * cRow);
            c30 = load(c, cAt + 3 * cRow);
        }
        for (int p = 0, i = aAt, j = bAt; p < depth; p++, i += aColumn, j += bRow) {
            FloatVector b0 = load(b, j);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[i]);
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[i + aRow]);
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[i + 2 * aRow]);
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[i + 3 * aRow]);
            c30 = a3.fma(b0, c30);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cRow);
        c20.intoArray(c, cAt + 2 * cRow);
        c30.intoArray(c, cAt + 3 * cRow);
    }

    @Override
    void dots(float[] a, int at, int row, int count, float[] x, int n, float[] y, int yAt, boolean add) {
        int i = 0;
        for (; i < count - 3; i += 4) {
            dots4(a, at + i * row, row, x, n, y, yAt + i, add);
        }
        for (; i < count; i++) {
            dot(a, at + i * row, x, n, y, yAt + i, add);
        }
    }

    private static void dots4(float[] a, int at, int row, float[] x, int n, float[] y, int yAt, boolean add) {
        int at1 = at + row;
        int at2 = at1 + row;
        int at3 = at2 + row;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        FloatVector t2 = s0;
        FloatVector t3 = s0;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            FloatVector x0 = load(x, i);
            FloatVector x1 = load(x, i + LANES);
            s0 = load(a, at + i).fma(x0, s0);
            s1 = load(a, at1 + i).fma(x0, s1);
            s2 = load(a, at2 + i).fma(x0, s2);
            s3 = load(a, at3 + i).fma(x0, s3);
            t0 = load(a, at + i + LANES).fma(x1, t0);
            t1 = load(a, at1 + i + LANES).fma(x1, t1);
            t2 = load(a, at2 + i + LANES).fma(x1, t2);
            t3 = load(a, at3 + i + LANES).fma(x1, t3);
        }
        store(VectorFunctions.total(s0.add(t0)), a, at, x, i, n, y, yAt, add);
        store(VectorFunctions.total(s1.add(t1)), a, at1, x, i, n, y, yAt + 1, add);
        store(VectorFunctions.total(s2.add(t2)), a, at2, x, i, n, y, yAt + 2, add);
        store(VectorFunctions.total(s3.add(t3)), a, at3, x, i, n, y, yAt + 3, add);
    }

    private static void dot(float[] a, int at, float[] x, int n, float[] y, int yAt, boolean add) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            s0 = load(a, at + i).fma(load(x, i), s0);
            s1 = load(a, at + i + LANES).fma(load(x, i + LANES), s1);
            s2 = load(a, at + i + 2 * LANES).fma(load(x, i + 2 * LANES), s2);
            s3 = load(a, at + i + 3 * LANES).fma(load(x, i + 3 * LANES), s3);
        }
        store(VectorFunctions.total(s0.add(s1).add(s2.add(s3))), a, at, x, i, n, y, yAt, add);
    }

    /// Adds what does not fill a vector, and stores.
    private static void store(
            float sum, float[] a, int at, float[] x, int from, int n, float[] y, int yAt, boolean add) {
        float all = sum;
        for (int i = from; i < n; i++) {
            all = Math.fma(a[at + i], x[i], all);
        }
        y[yAt] = add ? y[yAt] + all : all;
    }

    @Override
    void sweep(float[] a, int at, int row, int count, float[] x, float[] y, int yAt, int n) {
        int whole = n - n % LANES;
        int p = 0;
        for (; p < count - 7; p += 8) {
            sweep8(a, at + p * row, row, x, p, y, yAt, whole);
        }
        for (; p < count; p++) {
            sweep1(a, at + p * row, x[p], y, yAt, whole);
        }
        for (int j = whole; j < n; j++) {
            float sum = y[yAt + j];
            for (int q = 0; q < count; q++) {
                sum = Math.fma(x[q], a[at + q * row + j], sum);
            }
            y[yAt + j] = sum;
        }
    }

    private static void sweep8(float[] a, int at, int row, float[] x, int p, float[] y, int yAt, int n) {
        FloatVector x0 = FloatVector.broadcast(SPECIES, x[p]);
        FloatVector x1 = FloatVector.broadcast(SPECIES, x[p + 1]);
        FloatVector x2 = FloatVector.broadcast(SPECIES, x[p + 2]);
        FloatVector x3 = FloatVector.broadcast(SPECIES, x[p + 3]);
        FloatVector x4 = FloatVector.broadcast(SPECIES, x[p + 4]);
        FloatVector x5 = FloatVector.broadcast(SPECIES, x[p + 5]);
        FloatVector x6 = FloatVector.broadcast(SPECIES, x[p + 6]);
        FloatVector x7 = FloatVector.broadcast(SPECIES, x[p + 7]);
        for (int j = 0; j < n; j += LANES) {
            int i = at + j;
            FloatVector s = x0.fma(load(a, i), load(y, yAt + j));
            s = x1.fma(load(a, i + row), s);
            s = x2.fma(load(a, i + 2 * row), s);
            s = x3.fma(load(a, i + 3 * row), s);
            s = x4.fma(load(a, i + 4 * row), s);
            s = x5.fma(load(a, i + 5 * row), s);
            s = x6.fma(load(a, i + 6 * row), s);
            s = x7.fma(load(a, i + 7 * row), s);
            s.intoArray(y, yAt + j);
        }
    }

    private static void sweep1(float[] a, int at, float x, float[] y, int yAt, int n) {
        FloatVector v = FloatVector.broadcast(SPECIES, x);
        for (int j = 0; j < n; j += LANES) {
            v.fma(load(a, at + j), load(y, yAt + j)).intoArray(y, yAt + j);
        }
    }

    @Override
    void transpose(float[] a, int aAt, int row, int lines, int depth, float[] to, int at, int step) {
        if (!VectorTiles.EIGHTS || lines < 8 || depth < 8) {
            super.transpose(a, aAt, row, lines, depth, to, at, step);
            return;
        }
        // What is left at the ends is moved with some of what was.
        for (int r = 0; r < lines; r += 8) {
            int line = Math.min(r, lines - 8);
            int from = aAt + line * row;
            VectorTiles.squares(a, from, row, depth / 8, to, at + line, step);
            if (depth % 8 != 0) {
                VectorTiles.squares(a, from + depth - 8, row, 1, to, at + line + (depth - 8) * step, step);
            }
        }
    }

    @Override
    void gather(float[] a, int aAt, int row, int n, int depth, float[] to, int at, int step) {
        if (n == VectorTiles.WIDE && step == VectorTiles.WIDE) {
            VectorTiles.gather(a, aAt, row, depth, to, at);
        } else if (n == 8 && step == 8 && VectorTiles.EIGHTS) {
            VectorLines.gatherEights(a, aAt, row, depth, to, at);
        } else {
            super.gather(a, aAt, row, n, depth, to, at, step);
        }
    }

    @Override
    void gatherStrips(float[] a, int aAt, int row, int strips, int depth, float[] to, int at) {
        if (strips != 4 || depth % 4 != 0 || !VectorTiles.EIGHTS) {
            super.gatherStrips(a, aAt, row, strips, depth, to, at);
        } else {
            VectorTiles.gatherStrips(a, aAt, row, depth, to, at);
        }
    }

    @Override
    int doubleRows() {
        return 4;
    }

    @Override
    int doubleColumns() {
        return 2 * DOUBLES.length();
    }

    private static DoubleVector load(double[] a, int i) {
        return DoubleVector.fromArray(DOUBLES, a, i);
    }

    @Override
    void multiply(double[] a, double[] b, int bAt, int depth, double[] c, int cAt, int cRow, boolean add) {
        int lanes = DOUBLES.length();
        DoubleVector c00 = DoubleVector.zero(DOUBLES);
        DoubleVector c01 = c00;
        DoubleVector c10 = c00;
        DoubleVector c11 = c00;
        DoubleVector c20 = c00;
        DoubleVector c21 = c00;
        DoubleVector c30 = c00;
        DoubleVector c31 = c00;
        if (add) {
            c00 = load(c, cAt);
            c01 = load(c, cAt + lanes);
            c10 = load(c, cAt + cRow);
            c11 = load(c, cAt + cRow + lanes);
            c20 = load(c, cAt + 2 * cRow);
            c21 = load(c, cAt + 2 * cRow + lanes);
            c30 = load(c, cAt + 3 * cRow);
            c31 = load(c, cAt + 3 * cRow + lanes);
        }
        for (int p = 0, i = 0, j = bAt; p < depth; p++, i += 4, j += 2 * lanes) {
            DoubleVector b0 = load(b, j);
            DoubleVector b1 = load(b, j + lanes);
            DoubleVector a0 = DoubleVector.broadcast(DOUBLES, a[i]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(DOUBLES, a[i + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            DoubleVector a2 = DoubleVector.broadcast(DOUBLES, a[i + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            DoubleVector a3 = DoubleVector.broadcast(DOUBLES, a[i + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + lanes);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + lanes);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + lanes);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + lanes);
    }
}

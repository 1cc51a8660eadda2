package org.lazuli.cpu;

import java.util.Arrays;

/// A Fourier transform of a length whose prime factors are small: one pass for each factor, between two arrays, such that the
/// result comes out in order (Stockham's form of the fast Fourier transform; C. Van Loan, *Computational Frameworks for the Fast
/// Fourier Transform*, 1992, section 1.7).
///
/// Before a pass of radix r the line is, at each of `stride` phases, a transform of `rest` elements that is still to be done: element `k`
/// of it lies at `k * stride + phase`. A pass takes r elements that are `rest / r` apart, transforms them by the definition, and turns
/// each by a root of unity: r transforms of a length that is r times shorter are left, with r times as many phases. Lines side by side are
/// phases from the beginning, so the innermost loop is long where there are many of them.
final class MixedRadix extends FourierPlan {
    private final int[] radices;
    private final Numbers roots;

    MixedRadix(int length) {
        super(length);
        radices = radices(length);
        roots = roots(length, length);
    }

    private static int[] radices(int length) {
        int[] found = new int[Integer.SIZE];
        int count = 0;
        int rest = length;
        for (int radix : new int[] {4, 2, 3, 5}) {
            for (; rest % radix == 0; rest /= radix) {
                found[count++] = radix;
            }
        }
        for (int radix = 7; rest > 1; radix++) {
            for (; rest % radix == 0; rest /= radix) {
                found[count++] = radix;
            }
        }
        return Arrays.copyOf(found, count);
    }

    @Override
    Numbers run(Numbers in, Numbers scratch, int lanes, Passes passes) {
        Numbers from = in;
        Numbers to = scratch;
        int rest = length;
        int stride = lanes;
        for (int radix : radices) {
            rest /= radix;
            // The root of this pass with number p is that of the whole length with number p * step.
            passes.run(radix, from, to, roots, rest, stride, stride / lanes);
            stride *= radix;
            Numbers swap = from;
            from = to;
            to = swap;
        }
        return from;
    }
}

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
    Numbers run(Numbers in, Numbers scratch, int lanes) {
        Numbers from = in;
        Numbers to = scratch;
        int rest = length;
        int stride = lanes;
        for (int radix : radices) {
            rest /= radix;
            for (int p = 0; p < rest; p++) {
                // The root of this pass with number p is that of the whole length with number p * turn.
                int turn = p * (stride / lanes);
                int at = p * stride;
                int apart = rest * stride;
                int target = p * radix * stride;
                switch (radix) {
                    case 2 -> two(from, at, apart, to, target, stride, turn);
                    case 3 -> three(from, at, apart, to, target, stride, turn);
                    case 4 -> four(from, at, apart, to, target, stride, turn);
                    case 5 -> five(from, at, apart, to, target, stride, turn);
                    default -> any(radix, from, at, apart, to, target, stride, turn);
                }
            }
            stride *= radix;
            Numbers swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private void two(Numbers in, int at, int apart, Numbers out, int target, int n, int turn) {
        double[] xr = in.re();
        double[] xi = in.im();
        double[] yr = out.re();
        double[] yi = out.im();
        double wr = roots.re()[turn];
        double wi = roots.im()[turn];
        for (int q = 0; q < n; q++) {
            int a = at + q;
            int b = a + apart;
            int o = target + q;
            double dr = xr[a] - xr[b];
            double di = xi[a] - xi[b];
            yr[o] = xr[a] + xr[b];
            yi[o] = xi[a] + xi[b];
            yr[o + n] = dr * wr - di * wi;
            yi[o + n] = dr * wi + di * wr;
        }
    }

    private void three(Numbers in, int at, int apart, Numbers out, int target, int n, int turn) {
        double[] xr = in.re();
        double[] xi = in.im();
        double[] yr = out.re();
        double[] yi = out.im();
        double wr1 = roots.re()[turn];
        double wi1 = roots.im()[turn];
        double wr2 = roots.re()[2 * turn];
        double wi2 = roots.im()[2 * turn];
        double sin = 0.8660254037844386;
        for (int q = 0; q < n; q++) {
            int a = at + q;
            int b = a + apart;
            int c = b + apart;
            int o = target + q;
            double sr = xr[b] + xr[c];
            double si = xi[b] + xi[c];
            double dr = sin * (xr[b] - xr[c]);
            double di = sin * (xi[b] - xi[c]);
            double mr = xr[a] - 0.5 * sr;
            double mi = xi[a] - 0.5 * si;
            yr[o] = xr[a] + sr;
            yi[o] = xi[a] + si;
            // -i times the difference turns clockwise.
            double ur = mr + di;
            double ui = mi - dr;
            double vr = mr - di;
            double vi = mi + dr;
            yr[o + n] = ur * wr1 - ui * wi1;
            yi[o + n] = ur * wi1 + ui * wr1;
            yr[o + 2 * n] = vr * wr2 - vi * wi2;
            yi[o + 2 * n] = vr * wi2 + vi * wr2;
        }
    }

    private void four(Numbers in, int at, int apart, Numbers out, int target, int n, int turn) {
        double[] xr = in.re();
        double[] xi = in.im();
        double[] yr = out.re();
        double[] yi = out.im();
        double wr1 = roots.re()[turn];
        double wi1 = roots.im()[turn];
        double wr2 = roots.re()[2 * turn];
        double wi2 = roots.im()[2 * turn];
        double wr3 = roots.re()[3 * turn];
        double wi3 = roots.im()[3 * turn];
        for (int q = 0; q < n; q++) {
            int a = at + q;
            int b = a + apart;
            int c = b + apart;
            int d = c + apart;
            int o = target + q;
            double acr = xr[a] + xr[c];
            double aci = xi[a] + xi[c];
            double bdr = xr[b] + xr[d];
            double bdi = xi[b] + xi[d];
            double ar = xr[a] - xr[c];
            double ai = xi[a] - xi[c];
            double br = xr[b] - xr[d];
            double bi = xi[b] - xi[d];
            yr[o] = acr + bdr;
            yi[o] = aci + bdi;
            double ur = ar + bi;
            double ui = ai - br;
            yr[o + n] = ur * wr1 - ui * wi1;
            yi[o + n] = ur * wi1 + ui * wr1;
            double vr = acr - bdr;
            double vi = aci - bdi;
            yr[o + 2 * n] = vr * wr2 - vi * wi2;
            yi[o + 2 * n] = vr * wi2 + vi * wr2;
            double tr = ar - bi;
            double ti = ai + br;
            yr[o + 3 * n] = tr * wr3 - ti * wi3;
            yi[o + 3 * n] = tr * wi3 + ti * wr3;
        }
    }

    private void five(Numbers in, int at, int apart, Numbers out, int target, int n, int turn) {
        double[] xr = in.re();
        double[] xi = in.im();
        double[] yr = out.re();
        double[] yi = out.im();
        double cos1 = 0.30901699437494745;
        double cos2 = -0.8090169943749475;
        double sin1 = 0.9510565162951535;
        double sin2 = 0.5877852522924731;
        for (int q = 0; q < n; q++) {
            int a = at + q;
            int b = a + apart;
            int c = b + apart;
            int d = c + apart;
            int e = d + apart;
            int o = target + q;
            double ber = xr[b] + xr[e];
            double bei = xi[b] + xi[e];
            double cdr = xr[c] + xr[d];
            double cdi = xi[c] + xi[d];
            double br = xr[b] - xr[e];
            double bi = xi[b] - xi[e];
            double cr = xr[c] - xr[d];
            double ci = xi[c] - xi[d];
            double mr1 = xr[a] + cos1 * ber + cos2 * cdr;
            double mi1 = xi[a] + cos1 * bei + cos2 * cdi;
            double mr2 = xr[a] + cos2 * ber + cos1 * cdr;
            double mi2 = xi[a] + cos2 * bei + cos1 * cdi;
            double dr1 = sin1 * br + sin2 * cr;
            double di1 = sin1 * bi + sin2 * ci;
            double dr2 = sin2 * br - sin1 * cr;
            double di2 = sin2 * bi - sin1 * ci;
            yr[o] = xr[a] + ber + cdr;
            yi[o] = xi[a] + bei + cdi;
            turned(out, o + n, mr1 + di1, mi1 - dr1, turn);
            turned(out, o + 2 * n, mr2 + di2, mi2 - dr2, 2 * turn);
            turned(out, o + 3 * n, mr2 - di2, mi2 + dr2, 3 * turn);
            turned(out, o + 4 * n, mr1 - di1, mi1 + dr1, 4 * turn);
        }
    }

    private void turned(Numbers out, int at, double re, double im, int root) {
        double wr = roots.re()[root];
        double wi = roots.im()[root];
        out.re()[at] = re * wr - im * wi;
        out.im()[at] = re * wi + im * wr;
    }

    /// By the definition: the sum for each of the results.
    private void any(int radix, Numbers in, int at, int apart, Numbers out, int target, int n, int turn) {
        double[] xr = in.re();
        double[] xi = in.im();
        double[] yr = out.re();
        double[] yi = out.im();
        int unit = length / radix;
        for (int j = 0; j < radix; j++) {
            int o = target + j * n;
            int step = (int) ((long) j * unit % length);
            int root = j * turn;
            for (int i = 0; i < radix; i++) {
                double wr = roots.re()[root];
                double wi = roots.im()[root];
                int a = at + i * apart;
                if (i == 0) {
                    for (int q = 0; q < n; q++) {
                        yr[o + q] = xr[a + q] * wr - xi[a + q] * wi;
                        yi[o + q] = xr[a + q] * wi + xi[a + q] * wr;
                    }
                } else {
                    for (int q = 0; q < n; q++) {
                        yr[o + q] += xr[a + q] * wr - xi[a + q] * wi;
                        yi[o + q] += xr[a + q] * wi + xi[a + q] * wr;
                    }
                }
                root += step;
                root -= root >= length ? length : 0;
            }
        }
    }
}

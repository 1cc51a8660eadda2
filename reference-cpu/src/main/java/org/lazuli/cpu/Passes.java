package org.lazuli.cpu;

import org.lazuli.cpu.FourierPlan.Numbers;

/// The passes of a [MixedRadix] transform, in plain loops. [VectorPasses] has some of them for vectors, of the same arithmetic: the bits of
/// results do not depend on which is used.
class Passes {
    /// One pass over all elements.
    ///
    /// @param roots the roots of unity of the whole length
    /// @param rest how many transforms of `radix` elements there are at each phase, `rest` elements apart
    /// @param stride the number of phases
    /// @param step the root that turns the second result of transform number 1
    void run(int radix, Numbers in, Numbers out, Numbers roots, int rest, int stride, int step) {
        int apart = rest * stride;
        for (int p = 0; p < rest; p++) {
            int at = p * stride;
            int target = p * radix * stride;
            int turn = p * step;
            switch (radix) {
                case 2 -> two(in, at, apart, out, target, stride, roots, turn);
                case 3 -> three(in, at, apart, out, target, stride, roots, turn);
                case 4 -> four(in, at, apart, out, target, stride, roots, turn);
                case 5 -> five(in, at, apart, out, target, stride, roots, turn);
                default -> any(radix, in, at, apart, out, target, stride, roots, turn);
            }
        }
    }

    private static void two(Numbers in, int at, int apart, Numbers out, int target, int n, Numbers roots, int turn) {
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

    private static void three(Numbers in, int at, int apart, Numbers out, int target, int n, Numbers roots, int turn) {
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

    private static void four(Numbers in, int at, int apart, Numbers out, int target, int n, Numbers roots, int turn) {
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

    private static void five(Numbers in, int at, int apart, Numbers out, int target, int n, Numbers roots, int turn) {
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
            turned(out, o + n, mr1 + di1, mi1 - dr1, roots, turn);
            turned(out, o + 2 * n, mr2 + di2, mi2 - dr2, roots, 2 * turn);
            turned(out, o + 3 * n, mr2 - di2, mi2 + dr2, roots, 3 * turn);
            turned(out, o + 4 * n, mr1 - di1, mi1 + dr1, roots, 4 * turn);
        }
    }

    private static void turned(Numbers out, int at, double re, double im, Numbers roots, int root) {
        double wr = roots.re()[root];
        double wi = roots.im()[root];
        out.re()[at] = re * wr - im * wi;
        out.im()[at] = re * wi + im * wr;
    }

    /// By the definition: the sum for each of the results.
    private static void any(
            int radix, Numbers in, int at, int apart, Numbers out, int target, int n, Numbers roots, int turn) {
        int length = roots.re().length;
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

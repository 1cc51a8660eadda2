package org.lazuli.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.lazuli.cpu.FourierPlan.Numbers;

/// [Passes] by the Vector API, where the phases fill vectors.
final class VectorPasses extends Passes {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    @Override
    void run(int radix, Numbers in, Numbers out, Numbers roots, int rest, int stride, int step) {
        boolean whole = stride % LANES == 0;
        if (whole && radix == 2) {
            two(in.re(), in.im(), out.re(), out.im(), roots.re(), roots.im(), rest, stride, step);
        } else if (whole && radix == 4) {
            four(in.re(), in.im(), out.re(), out.im(), roots.re(), roots.im(), rest, stride, step);
        } else {
            super.run(radix, in, out, roots, rest, stride, step);
        }
    }

    private static DoubleVector load(double[] a, int i) {
        return DoubleVector.fromArray(SPECIES, a, i);
    }

    private static DoubleVector all(double x) {
        return DoubleVector.broadcast(SPECIES, x);
    }

    private static void two(
            double[] xr,
            double[] xi,
            double[] yr,
            double[] yi,
            double[] rootsRe,
            double[] rootsIm,
            int rest,
            int n,
            int step) {
        int apart = rest * n;
        for (int p = 0; p < rest; p++) {
            DoubleVector wr = all(rootsRe[p * step]);
            DoubleVector wi = all(rootsIm[p * step]);
            for (int q = 0; q < n; q += LANES) {
                int a = p * n + q;
                int o = 2 * p * n + q;
                DoubleVector ar = load(xr, a);
                DoubleVector ai = load(xi, a);
                DoubleVector br = load(xr, a + apart);
                DoubleVector bi = load(xi, a + apart);
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.sub(bi);
                ar.add(br).intoArray(yr, o);
                ai.add(bi).intoArray(yi, o);
                dr.mul(wr).sub(di.mul(wi)).intoArray(yr, o + n);
                dr.mul(wi).add(di.mul(wr)).intoArray(yi, o + n);
            }
        }
    }

    private static void four(
            double[] xr,
            double[] xi,
            double[] yr,
            double[] yi,
            double[] rootsRe,
            double[] rootsIm,
            int rest,
            int n,
            int step) {
        int apart = rest * n;
        for (int p = 0; p < rest; p++) {
            int turn = p * step;
            DoubleVector wr1 = all(rootsRe[turn]);
            DoubleVector wi1 = all(rootsIm[turn]);
            DoubleVector wr2 = all(rootsRe[2 * turn]);
            DoubleVector wi2 = all(rootsIm[2 * turn]);
            DoubleVector wr3 = all(rootsRe[3 * turn]);
            DoubleVector wi3 = all(rootsIm[3 * turn]);
            for (int q = 0; q < n; q += LANES) {
                int a = p * n + q;
                int o = 4 * p * n + q;
                DoubleVector ar = load(xr, a);
                DoubleVector ai = load(xi, a);
                DoubleVector br = load(xr, a + apart);
                DoubleVector bi = load(xi, a + apart);
                DoubleVector cr = load(xr, a + 2 * apart);
                DoubleVector ci = load(xi, a + 2 * apart);
                DoubleVector dr = load(xr, a + 3 * apart);
                DoubleVector di = load(xi, a + 3 * apart);
                DoubleVector acr = ar.add(cr);
                DoubleVector aci = ai.add(ci);
                DoubleVector bdr = br.add(dr);
                DoubleVector bdi = bi.add(di);
                DoubleVector er = ar.sub(cr);
                DoubleVector ei = ai.sub(ci);
                DoubleVector fr = br.sub(dr);
                DoubleVector fi = bi.sub(di);
                acr.add(bdr).intoArray(yr, o);
                aci.add(bdi).intoArray(yi, o);
                DoubleVector ur = er.add(fi);
                DoubleVector ui = ei.sub(fr);
                ur.mul(wr1).sub(ui.mul(wi1)).intoArray(yr, o + n);
                ur.mul(wi1).add(ui.mul(wr1)).intoArray(yi, o + n);
                DoubleVector vr = acr.sub(bdr);
                DoubleVector vi = aci.sub(bdi);
                vr.mul(wr2).sub(vi.mul(wi2)).intoArray(yr, o + 2 * n);
                vr.mul(wi2).add(vi.mul(wr2)).intoArray(yi, o + 2 * n);
                DoubleVector tr = er.sub(fi);
                DoubleVector ti = ei.add(fr);
                tr.mul(wr3).sub(ti.mul(wi3)).intoArray(yr, o + 3 * n);
                tr.mul(wi3).add(ti.mul(wr3)).intoArray(yi, o + 3 * n);
            }
        }
    }
}

package org.lazuli.cpu;

/// A Householder reflection `H = I - tau v vᴴ` whose adjoint maps a vector to a real multiple of the first unit vector.
///
/// Signs are LAPACK's (`dlarfg`, `zlarfg`): the multiple has the sign opposite to the real part of the vector's first element, and a vector that is such
/// a multiple already is left alone. So factors agree with what LAPACK gives.
///
/// @param first the index of the vector's first element, which is where `v` has its 1
/// @param re the real parts of `v`, from index 0 of the whole space on
/// @param im the imaginary parts
/// @param beta the multiple
record Reflection(int first, double[] re, double[] im, double tauRe, double tauIm, double beta) {

    /// The one that clears column `column` of `a` below row `first`. Row `first` must be there.
    static Reflection ofColumn(Dense a, int first, int column) {
        double[] re = new double[a.rows];
        double[] im = new double[a.rows];
        double squares = 0;
        for (int i = first + 1; i < a.rows; i++) {
            re[i] = a.re[i][column];
            im[i] = a.imaginary(i, column);
            squares += re[i] * re[i] + im[i] * im[i];
        }
        double alphaRe = a.re[first][column];
        double alphaIm = a.imaginary(first, column);
        re[first] = 1;
        if (squares == 0 && alphaIm == 0) {
            return new Reflection(first, re, im, 0, 0, alphaRe);
        }
        double norm = Math.sqrt(alphaRe * alphaRe + alphaIm * alphaIm + squares);
        double beta = alphaRe > 0 || (alphaRe == 0 && 1 / alphaRe > 0) ? -norm : norm;
        double dRe = alphaRe - beta;
        double d = dRe * dRe + alphaIm * alphaIm;
        for (int i = first + 1; i < a.rows; i++) {
            double x = re[i];
            double y = im[i];
            re[i] = (x * dRe + y * alphaIm) / d;
            im[i] = (y * dRe - x * alphaIm) / d;
        }
        return new Reflection(first, re, im, (beta - alphaRe) / beta, -alphaIm / beta, beta);
    }

    /// `H M`, or with `adjoint` `Hᴴ M`, in the columns from `start` on.
    void applyLeft(Dense m, int start, boolean adjoint) {
        if (tauRe == 0 && tauIm == 0) {
            return;
        }
        double tau = adjoint ? -tauIm : tauIm;
        Dense sum = new Dense(1, m.columns, m.isComplex());
        for (int i = first; i < m.rows; i++) {
            sum.add(0, re[i], -im[i], m, i, start);
        }
        for (int i = first; i < m.rows; i++) {
            m.add(i, -(tauRe * re[i] - tau * im[i]), -(tauRe * im[i] + tau * re[i]), sum, 0, start);
        }
    }

    /// `M H`, in all rows.
    void applyRight(Dense m) {
        if (tauRe == 0 && tauIm == 0) {
            return;
        }
        for (int i = 0; i < m.rows; i++) {
            double[] x = m.re[i];
            if (m.im == null) {
                double sum = 0;
                for (int j = first; j < m.columns; j++) {
                    sum += x[j] * re[j];
                }
                sum *= tauRe;
                for (int j = first; j < m.columns; j++) {
                    x[j] -= sum * re[j];
                }
                continue;
            }
            double[] y = m.im[i];
            double sRe = 0;
            double sIm = 0;
            for (int j = first; j < m.columns; j++) {
                sRe += x[j] * re[j] - y[j] * im[j];
                sIm += x[j] * im[j] + y[j] * re[j];
            }
            double fRe = tauRe * sRe - tauIm * sIm;
            double fIm = tauRe * sIm + tauIm * sRe;
            for (int j = first; j < m.columns; j++) {
                x[j] -= fRe * re[j] + fIm * im[j];
                y[j] -= fIm * re[j] - fRe * im[j];
            }
        }
    }

    /// Clears a matrix below its diagonal, which leaves R in it.
    ///
    /// @return the reflections whose product, in order, is Q
    static Reflection[] triangularize(Dense a) {
        Reflection[] reflections = new Reflection[Math.min(a.rows, a.columns)];
        for (int k = 0; k < reflections.length; k++) {
            Reflection reflection = ofColumn(a, k, k);
            reflection.applyLeft(a, k + 1, true);
            a.set(k, k, reflection.beta(), 0);
            for (int i = k + 1; i < a.rows; i++) {
                a.set(i, k, 0, 0);
            }
            reflections[k] = reflection;
        }
        return reflections;
    }

    /// The product of the reflections, in order, with a matrix.
    static void multiply(Reflection[] reflections, Dense m) {
        for (int k = reflections.length - 1; k >= 0; k--) {
            reflections[k].applyLeft(m, 0, false);
        }
    }
}

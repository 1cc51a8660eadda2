package org.lazuli.nn;

/// Options of [Losses#tripletLoss].
///
/// @param axis the axis along which the vectors are
/// @param p the exponent that differences are raised to
/// @param margin by how much closer the positives should be
/// @param eps what is added before the square root
/// @param reduction what to make of the single losses
public record TripletLossOptions(int axis, int p, double margin, double eps, Reduction reduction) {
    /// The last axis, squares, a margin of 1, no reduction.
    public static final TripletLossOptions DEFAULT = new TripletLossOptions(-1, 2, 1.0, 1e-6, Reduction.NONE);

    public TripletLossOptions withAxis(int axis) {
        return new TripletLossOptions(axis, p, margin, eps, reduction);
    }

    public TripletLossOptions withP(int p) {
        return new TripletLossOptions(axis, p, margin, eps, reduction);
    }

    public TripletLossOptions withMargin(double margin) {
        return new TripletLossOptions(axis, p, margin, eps, reduction);
    }

    public TripletLossOptions withEps(double eps) {
        return new TripletLossOptions(axis, p, margin, eps, reduction);
    }

    public TripletLossOptions withReduction(Reduction reduction) {
        return new TripletLossOptions(axis, p, margin, eps, reduction);
    }
}

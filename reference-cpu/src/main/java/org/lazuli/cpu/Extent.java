package org.lazuli.cpu;

/// How far the elements of a row reach: by how much they are shifted before their exponentials are taken, and whether all of those are normal numbers.
final class Extent {
    /// The exponentials of this and of larger numbers are normal.
    static final float LEAST_NORMAL = -87.33654f;

    private float largest;
    private float bound;

    /// @param largest the largest element, NaN if there is one
    /// @param bound what no element is less than
    void set(float largest, float bound) {
        this.largest = largest;
        this.bound = bound;
    }

    float largest() {
        return largest;
    }

    /// True if the exponentials of all differences to the largest element are normal numbers.
    boolean isNear() {
        return bound - largest >= LEAST_NORMAL;
    }
}

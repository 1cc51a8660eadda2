package org.lazuli;

/// A complex number: one element of a `complex64` array.
public record Complex(float re, float im) {
    @Override
    public String toString() {
        return re + (im < 0 || Float.floatToRawIntBits(im) == Integer.MIN_VALUE ? "" : "+") + im + "j";
    }
}

package org.lazuli.examples.digits;

import java.util.List;

/// Trains on handwritten digits.
public final class TrainDigits {
    private TrainDigits() {}

    public static void main(String[] args) {
        System.out.println("Java " + Runtime.version() + " " + List.of(args));
    }
}

package org.lazuli.train;

/// A weighted mean that grows value by value, in double precision.
final class Mean {
    private double sum;
    private long weight;

    Mean() {
        this(0, 0);
    }

    Mean(double sum, long weight) {
        this.sum = sum;
        this.weight = weight;
    }

    void add(double value, int weight) {
        sum += value * weight;
        this.weight += weight;
    }

    double value() {
        return sum / weight;
    }

    double sum() {
        return sum;
    }

    long weight() {
        return weight;
    }
}

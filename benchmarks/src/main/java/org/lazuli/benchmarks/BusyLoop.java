package org.lazuli.benchmarks;

import java.io.IOException;

/// A program that keeps one processor busy until its input ends: the neighbour of [BusyNeighbourBenchmark].
public final class BusyLoop {
    private static volatile long turns;

    private BusyLoop() {}

    public static void main(String[] args) throws IOException {
        Thread loop = new Thread(() -> {
            while (true) {
                turns++;
            }
        });
        loop.setDaemon(true);
        loop.start();
        System.out.println("busy");
        while (System.in.read() >= 0) {
            // Whatever comes is no end.
        }
    }
}

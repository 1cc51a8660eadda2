package org.lazuli.cpu;

/// What follows a kernel's result: elements of it are computed anew, in their place.
interface Epilogue {
    /// Nothing follows.
    Epilogue NONE = (_, _) -> {};

    /// Computes elements `from` … `to - 1` in row-major order, once all of them are there. Threads may run it side by side.
    void run(int from, int to);
}

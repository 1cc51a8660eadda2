package org.lazuli.conformance.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.lazuli.Ops;
import org.lazuli.io.TensorFileException;

/// Reads bytes as a file, with all its arrays.
final class Reading {
    /// What loading may allocate besides what the file's size calls for: buffers for reading, the objects of a first use.
    private static final long CONSTANT = 8 << 20;

    /// Deflate's largest ratio, and the bytes of a chain of objects for each entry of some bytes.
    private static final long FACTOR = 4096;

    private Reading() {}

    /// Fails if loading does anything but give arrays or throw a [TensorFileException], or allocates more than the bytes call for.
    ///
    /// @param load reads the file and gives everything in it
    static void check(byte[] bytes, String suffix, Function<Path, Object> load) throws IOException {
        Path file = Files.createTempFile("lazuli", suffix);
        try {
            Files.write(file, bytes);
            long bound = CONSTANT + FACTOR * bytes.length;
            long used = allocated(file, load);
            // The first time classes are loaded and instrumented, on this thread.
            for (int again = 0; again < 2 && used > bound; again++) {
                used = allocated(file, load);
            }
            if (used > bound) {
                throw new AssertionError("a file of " + bytes.length + " bytes made the reader allocate " + used);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static long allocated(Path file, Function<Path, Object> load) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            Ops.eval(load.apply(file));
        } catch (TensorFileException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.startsWith(file + ": ")) {
                throw new AssertionError("the message does not begin with the file: " + message, e);
            }
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

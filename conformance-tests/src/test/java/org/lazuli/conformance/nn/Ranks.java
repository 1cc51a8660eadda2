package org.lazuli.conformance.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.lazuli.nn.Communicator;

/// Runs a function on every rank of a group of threads.
final class Ranks {
    private Ranks() {}

    /// The results in the order of ranks. What a rank throws is thrown.
    static <R> List<R> run(int size, Function<Communicator, R> body) {
        try (ExecutorService pool = Executors.newFixedThreadPool(size)) {
            List<Future<R>> futures = new ArrayList<>();
            for (Communicator member : Communicator.threads(size)) {
                futures.add(pool.submit(() -> body.apply(member)));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

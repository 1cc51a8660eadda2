package org.lazuli.nn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.lazuli.Array;
import org.lazuli.Ops;

/// One rank of a group of threads, which exchange arrays through memory.
final class ThreadCommunicator implements Communicator {
    private static final long SECONDS = 60;

    private final int rank;
    private final Group group;

    private ThreadCommunicator(int rank, Group group) {
        this.rank = rank;
        this.group = group;
    }

    /// What the members share.
    private static final class Group {
        final CyclicBarrier barrier;
        final Array[] passed;
        final List<BlockingQueue<Array>> messages = new ArrayList<>();

        Group(int size) {
            barrier = new CyclicBarrier(size);
            passed = new Array[size];
            for (int i = 0; i < size * size; i++) {
                messages.add(new LinkedBlockingQueue<>());
            }
        }
    }

    static List<Communicator> group(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("threads: a group must have at least 1 member, not " + size);
        }
        Group group = new Group(size);
        List<Communicator> members = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            members.add(new ThreadCommunicator(rank, group));
        }
        return List.copyOf(members);
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return group.passed.length;
    }

    /// Adds in the order of ranks, so that every member has the same bits.
    @Override
    public Array allSum(Array x) {
        return exchange("allSum", x, all -> all.stream().reduce(Array::add).orElseThrow());
    }

    @Override
    public Array allGather(Array x) {
        Array row = x.ndim() == 0 ? x.reshape(1) : x;
        return exchange("allGather", row, Ops::concatenate);
    }

    /// What `combine` makes of the arrays of all members, evaluated before any member goes on.
    private Array exchange(String operation, Array x, Function<List<Array>, Array> combine) {
        group.passed[rank] = detached(x);
        await(operation);
        Array result;
        try {
            List<Array> all = List.of(group.passed);
            for (Array other : all) {
                if (!other.shape().equals(x.shape()) || other.dtype() != x.dtype()) {
                    throw new IllegalArgumentException(operation + ": rank " + rank + " passed " + x.dtype() + x.shape()
                            + ", rank " + all.indexOf(other) + " passed " + other.dtype() + other.shape()
                            + ": all must pass the same shape and type");
                }
            }
            result = combine.apply(all).eval();
        } finally {
            await(operation);
        }
        return result;
    }

    /// The values alone, as a network would carry them: another rank's graph must not reach into this one's, which goes away when its
    /// transformation ends.
    private static Array detached(Array x) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(Math.max(x.nbytes(), 1), Long.BYTES);
            x.copyTo(values);
            return Ops.array(values, x.dtype(), x.shape());
        }
    }

    private void await(String operation) {
        try {
            group.barrier.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(operation + ": interrupted while waiting for the other ranks", e);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(
                    operation + ": not all of the " + size() + " ranks came here: one failed, or calls something else",
                    e);
        }
    }

    @Override
    public void send(Array x, int destination) {
        group.messages.get(rank * size() + destination).add(detached(x));
    }

    @Override
    public Array receive(int source) {
        try {
            Array message = group.messages.get(source * size() + rank).poll(SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new IllegalStateException("recv: rank " + source + " sent nothing to rank " + rank);
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("recv: interrupted while waiting for rank " + source, e);
        }
    }
}

package org.lazuli.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.tree.Tree;

/// Averages gradients over processes, many small ones in one message.
final class GradientAveraging {
    private final Communicator communicator;
    private final long bytes;
    private final Map<String, Array> averages = new LinkedHashMap<>();

    private GradientAveraging(Communicator communicator, long bytes) {
        this.communicator = communicator;
        this.bytes = bytes;
    }

    static Tree<Array> average(Tree<Array> gradients, Communicator communicator, long bytes) {
        if (communicator.size() == 1) {
            return gradients;
        }
        return Memory.owning(() -> new GradientAveraging(communicator, bytes).run(gradients));
    }

    private Tree<Array> run(Tree<Array> gradients) {
        Map<DType, Map<String, Array>> byType = new LinkedHashMap<>();
        gradients.forEach((path, gradient) -> byType.computeIfAbsent(gradient.dtype(), _ -> new LinkedHashMap<>())
                .put(path, gradient));
        byType.values().forEach(this::inMessages);
        return gradients.mapWithPath((path, gradient) -> averages.get(path));
    }

    private void inMessages(Map<String, Array> gradients) {
        Map<String, Array> message = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, Array> entry : gradients.entrySet()) {
            message.put(entry.getKey(), entry.getValue());
            size += entry.getValue().nbytes();
            if (size >= bytes) {
                exchange(message);
                message.clear();
                size = 0;
            }
        }
        if (!message.isEmpty()) {
            exchange(message);
        }
    }

    private void exchange(Map<String, Array> message) {
        List<Array> flat = message.values().stream().map(Array::flatten).toList();
        Array sent = flat.size() == 1 ? flat.getFirst() : Ops.concatenate(flat);
        Array sum = communicator.allSum(sent);
        if (!sum.shape().equals(sent.shape()) || sum.dtype() != sent.dtype()) {
            throw new IllegalStateException("averageGradients: allSum was given " + sent.dtype() + sent.shape()
                    + " and returned " + sum.dtype() + sum.shape() + ": it must keep type and shape");
        }
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (Array array : flat) {
            end += array.size();
            ends.add(end);
        }
        int[] positions = ends.stream().limit(flat.size() - 1L).mapToInt(i -> i).toArray();
        List<Array> parts = sum.div(communicator.size()).split(positions, 0);
        int next = 0;
        for (Map.Entry<String, Array> entry : message.entrySet()) {
            averages.put(
                    entry.getKey(), parts.get(next++).reshape(entry.getValue().shape()));
        }
    }
}

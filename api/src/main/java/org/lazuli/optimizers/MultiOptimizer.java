package org.lazuli.optimizers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiPredicate;
import org.lazuli.Array;
import org.lazuli.tree.Tree;

/// Several optimizers, each for some of the parameters.
///
/// ```java
/// var optimizer = new MultiOptimizer(
///         List.of(new Muon(0.02), new AdamW(1e-3)),
///         List.of((path, gradient) -> gradient.ndim() == 2 && !path.startsWith("embedding")));
/// ```
///
/// A parameter belongs to the first optimizer whose filter accepts it, or to the last, which has none. The state is the list of the
/// optimizers' states, under `states`.
///
/// See also: MLX, *MultiOptimizer*.
public class MultiOptimizer extends Optimizer {
    private static final String STATES = "states";

    private final List<Optimizer> optimizers;
    private final List<BiPredicate<String, Array>> filters;

    /// @param filters for each optimizer but the last, whether it takes the parameter with a path and a gradient (or, in [#init], with
    ///     itself in its place)
    /// @throws IllegalArgumentException if there is no optimizer, or the number of filters does not fit
    public MultiOptimizer(List<? extends Optimizer> optimizers, List<? extends BiPredicate<String, Array>> filters) {
        if (optimizers.isEmpty()) {
            throw new IllegalArgumentException("MultiOptimizer: give at least one optimizer");
        }
        if (filters.size() != optimizers.size() - 1) {
            throw new IllegalArgumentException("MultiOptimizer: " + optimizers.size() + " optimizers need "
                    + (optimizers.size() - 1) + " filters, one for each but the last, not " + filters.size());
        }
        this.optimizers = List.copyOf(optimizers);
        this.filters = List.copyOf(filters);
    }

    @Override
    protected void initSingle(Array parameter, Map<String, Array> state) {
        throw new AssertionError("each parameter is another optimizer's");
    }

    @Override
    protected Array applySingle(Array gradient, Array parameter, Map<String, Array> state) {
        throw new AssertionError("each parameter is another optimizer's");
    }

    @Override
    public void init(Tree<Array> parameters) {
        List<Tree<Array>> parts = parts(parameters);
        for (int i = 0; i < parts.size(); i++) {
            optimizers.get(i).init(parts.get(i));
        }
    }

    @Override
    public Tree<Array> applyGradients(Tree<Array> gradients, Tree<Array> parameters) {
        Map<String, Array> moved = new HashMap<>();
        List<Tree<Array>> parts = parts(gradients);
        for (int i = 0; i < parts.size(); i++) {
            moved.putAll(
                    optimizers.get(i).applyGradients(parts.get(i), parameters).flatten());
        }
        return gradients.mapWithPath((path, gradient) -> moved.get(path));
    }

    /// For each optimizer the leaves that are its own.
    private List<Tree<Array>> parts(Tree<Array> tree) {
        List<SequencedMap<String, Array>> leaves = new ArrayList<>();
        optimizers.forEach(optimizer -> leaves.add(new LinkedHashMap<>()));
        tree.forEach((path, array) -> leaves.get(optimizerOf(path, array)).put(path, array));
        return leaves.stream().map(MultiOptimizer::unflatten).toList();
    }

    private static Tree<Array> unflatten(Map<String, Array> leaves) {
        return leaves.isEmpty() ? Tree.empty() : Tree.unflatten(leaves);
    }

    private int optimizerOf(String path, Array array) {
        int i = 0;
        while (i < filters.size() && !filters.get(i).test(path, array)) {
            i++;
        }
        return i;
    }

    /// The number of steps the first optimizer has taken.
    @Override
    public Array step() {
        return optimizers.getFirst().step();
    }

    /// The learning rate of the first optimizer.
    @Override
    public Array learningRate() {
        return optimizers.getFirst().learningRate();
    }

    /// Sets the learning rate of all optimizers.
    @Override
    public void setLearningRate(double learningRate) {
        optimizers.forEach(optimizer -> optimizer.setLearningRate(learningRate));
    }

    @Override
    public Tree<Array> lend() {
        return Tree.map(Map.of(
                STATES, Tree.list(optimizers.stream().map(Optimizer::lend).toList())));
    }

    @Override
    public void setState(Tree<Array> state) {
        for (int i = 0; i < optimizers.size(); i++) {
            String path = STATES + "." + i;
            optimizers
                    .get(i)
                    .setState(state.find(path)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "MultiOptimizer: the state has no '" + path + "': it was another optimizer's")));
        }
    }
}

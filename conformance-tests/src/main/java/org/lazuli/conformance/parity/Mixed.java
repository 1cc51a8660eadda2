package org.lazuli.conformance.parity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.function.Unary;
import org.lazuli.nn.BatchNorm;
import org.lazuli.nn.Dropout;
import org.lazuli.nn.Embedding;
import org.lazuli.nn.LayerNorm;
import org.lazuli.nn.Linear;
import org.lazuli.nn.Module;

/// A module of the corpus: parameters at all kinds of places.
final class Mixed extends Module implements Unary {
    public Embedding emb;
    public Map<String, Object> blocks = new LinkedHashMap<>();
    public Array scale;
    public Array _hidden;
    public String name = "mixed";
    public BatchNorm norm;
    public Dropout drop = new Dropout(0.5);

    Mixed(int vocab, int dims) {
        emb = new Embedding(vocab, dims);
        blocks.put("a", new Linear(dims, dims));
        blocks.put("b", List.of(new LayerNorm(dims), new Linear(dims, dims, false)));
        scale = Ops.ones(dims);
        _hidden = Ops.zeros(dims);
        norm = new BatchNorm(dims);
    }

    @Override
    public Array apply(Array indices) {
        Array x = emb.apply(indices);
        x = x.add(block("a").apply(x).tanh());
        x = block("b.1").apply(block("b.0").apply(x)).mul(scale).add(_hidden);
        return drop.apply(norm.apply(x));
    }

    private Unary block(String path) {
        return (Unary) children().get("blocks." + path).value();
    }
}

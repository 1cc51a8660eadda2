package org.lazuli.conformance.parity;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.lazuli.tree.Tree;

/// The functions of trees. A leaf here is a JSON value that is neither a list nor an object, and a null is Python's
/// None.
final class TreeKind implements Kind {

    @Override
    public void run(Case one) {
        if (one.mustBeRefused()) {
            Refusal.check(() -> compute(one.json()));
        } else {
            Comparison.check("value", compute(one.json()), one.json().get("expect"));
        }
    }

    private static JsonElement compute(JsonObject json) {
        String name = json.get("fn").getAsString();
        return switch (name) {
            case "tree_flatten" -> flatten(json);
            case "tree_unflatten" -> json(Tree.<@Nullable JsonElement>unflatten(pairs(json.get("tree"))));
            case "tree_map" -> map(json);
            case "tree_map_with_path" -> json(tree(json.get("tree")).mapWithPath(TreeKind::pathOrNoneAndLeaf));
            case "tree_reduce" -> reduce(json);
            case "tree_merge" -> merge(json);
            default -> throw new Unmapped("utils." + name);
        };
    }

    private static JsonElement flatten(JsonObject json) {
        Tree<@Nullable JsonElement> tree = tree(json.get("tree"));
        String prefix = json.has("prefix") ? json.get("prefix").getAsString().substring(1) : "";
        SequencedMap<String, JsonElement> leaves = new LinkedHashMap<>();
        if (json.has("is_leaf")) {
            tree.cut(isLeaf(json)).flatten(prefix).forEach((path, leaf) -> leaves.put(path, json(leaf)));
        } else {
            tree.flatten(prefix).forEach((path, leaf) -> leaves.put(path, leaf(leaf)));
        }
        if (json.has("destination")) {
            JsonObject result = new JsonObject();
            leaves.forEach(result::add);
            return result;
        }
        JsonArray result = new JsonArray();
        leaves.forEach((path, leaf) -> result.add(pathAndLeaf(path, leaf)));
        return result;
    }

    private static JsonElement map(JsonObject json) {
        Tree<@Nullable JsonElement> tree = tree(json.get("tree"));
        if (json.has("is_leaf")) {
            return json(tree.cut(isLeaf(json)).map(leaf -> twice(json(leaf))));
        }
        if (!json.has("rest")) {
            return json(tree.map(leaf -> twice(leaf(leaf))));
        }
        JsonArray rest = json.getAsJsonArray("rest");
        Tree<@Nullable JsonElement> second = tree(rest.get(0));
        if (rest.size() == 1) {
            BinaryOperator<@Nullable JsonElement> fn = function(json);
            return json(Tree.map(fn, tree, second));
        }
        return json(Tree.map(
                (a, b, c) -> new JsonPrimitive(leaf(a).getAsLong() * leaf(b).getAsLong() * leaf(c).getAsLong()),
                tree,
                second,
                tree(rest.get(1))));
    }

    private static JsonElement reduce(JsonObject json) {
        Tree<@Nullable JsonElement> tree = tree(json.get("tree"));
        BinaryOperator<@Nullable JsonElement> fn = function(json);
        if (json.has("initializer")) {
            return leaf(tree.<@Nullable JsonElement>reduce(json.get("initializer"), fn));
        }
        return tree.reduce(fn).orElse(JsonNull.INSTANCE);
    }

    private static JsonElement merge(JsonObject json) {
        Tree<@Nullable JsonElement> tree = tree(json.get("tree"));
        Tree<@Nullable JsonElement> other = tree(json.get("other"));
        return json(json.has("map") ? tree.merge(other, function(json)) : tree.merge(other));
    }

    private static Predicate<Tree<@Nullable JsonElement>> isLeaf(JsonObject json) {
        String name = json.get("is_leaf").getAsString();
        return switch (name) {
            case "list" -> Tree.ListNode.class::isInstance;
            case "dict_with_w" ->
                tree -> tree instanceof Tree.MapNode<@Nullable JsonElement> map
                        && map.children().containsKey("w");
            default -> throw new IllegalStateException("no predicate is called " + name);
        };
    }

    private static BinaryOperator<@Nullable JsonElement> function(JsonObject json) {
        String name = json.get("map").getAsString();
        return (a, b) -> {
            long left = leaf(a).getAsLong();
            long right = leaf(b).getAsLong();
            return new JsonPrimitive(
                    switch (name) {
                        case "add" -> left + right;
                        case "sub" -> left - right;
                        case "max" -> Math.max(left, right);
                        default -> throw new IllegalStateException("no function is called " + name);
                    });
        };
    }

    /// What `2 * value` is in Python.
    private static JsonElement twice(JsonElement value) {
        if (value.isJsonArray()) {
            JsonArray result = value.getAsJsonArray().deepCopy();
            result.addAll(value.getAsJsonArray());
            return result;
        }
        return new JsonPrimitive(2 * value.getAsLong());
    }

    /// Where the tree is a leaf, its path is empty here and None there.
    private static JsonArray pathOrNoneAndLeaf(String path, @Nullable JsonElement leaf) {
        JsonArray result = pathAndLeaf(path, leaf);
        if (path.isEmpty()) {
            result.set(0, JsonNull.INSTANCE);
        }
        return result;
    }

    private static JsonArray pathAndLeaf(String path, @Nullable JsonElement leaf) {
        JsonArray result = new JsonArray();
        result.add(path);
        result.add(leaf(leaf));
        return result;
    }

    private static Map<String, JsonElement> pairs(JsonElement json) {
        if (json.isJsonObject()) {
            return json.getAsJsonObject().asMap();
        }
        Map<String, JsonElement> result = new LinkedHashMap<>();
        for (JsonElement pair : json.getAsJsonArray()) {
            result.put(
                    pair.getAsJsonArray().get(0).getAsString(),
                    pair.getAsJsonArray().get(1));
        }
        return result;
    }

    @SuppressWarnings("NullAway") // it does not see that the leaves may be null
    private static Tree<@Nullable JsonElement> tree(JsonElement json) {
        if (json.isJsonArray()) {
            List<Tree<@Nullable JsonElement>> children = new ArrayList<>();
            json.getAsJsonArray().forEach(child -> children.add(tree(child)));
            return Tree.list(children);
        }
        if (json.isJsonObject()) {
            Map<String, Tree<@Nullable JsonElement>> children = new LinkedHashMap<>();
            json.getAsJsonObject().entrySet().forEach(child -> children.put(child.getKey(), tree(child.getValue())));
            return Tree.map(children);
        }
        return Tree.leaf(json.isJsonNull() ? null : json);
    }

    private static JsonElement json(Tree<? extends @Nullable JsonElement> tree) {
        return switch (tree) {
            case Tree.Leaf<? extends @Nullable JsonElement> leaf -> leaf(leaf.value());
            case Tree.ListNode<? extends @Nullable JsonElement> list -> {
                JsonArray result = new JsonArray();
                list.children().forEach(child -> result.add(json(child)));
                yield result;
            }
            case Tree.MapNode<? extends @Nullable JsonElement> map -> {
                JsonObject result = new JsonObject();
                map.children().forEach((name, child) -> result.add(name, json(child)));
                yield result;
            }
        };
    }

    private static JsonElement leaf(@Nullable JsonElement leaf) {
        return Optional.ofNullable(leaf).orElse(JsonNull.INSTANCE);
    }
}

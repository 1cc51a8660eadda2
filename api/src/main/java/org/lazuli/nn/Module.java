package org.lazuli.nn;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.io.Npz;
import org.lazuli.io.Safetensors;
import org.lazuli.tree.Stateful;
import org.lazuli.tree.Tree;

/// A part of a model: a container of parameters and of other modules.
///
/// A subclass has public fields. A *parameter* is an [Array] in a public, non-static, non-final field whose name does
/// not start with `_`, here or at any depth of modules, lists and maps in public fields. What else a module needs goes
/// into fields that are not public, or of other types. See the package's page for an example, and for the names that
/// parameters have.
///
/// Parameters are lazy: a model is created with all of them and nothing is computed until someone looks, or calls
/// [org.lazuli.Ops#eval].
///
/// Modules are changed in place and belong to one thread at a time.
///
/// Methods that look at fields throw [IllegalStateException] if a parameter is final, if arrays or modules are in a
/// Java array, or if the module's package is not open to this library; the message has the line to write.
///
/// See also: MLX, *Module*.
public abstract class Module implements Stateful {
    private boolean training = true;
    private final Set<String> frozen = new HashSet<>();

    // Selecting members

    /// Accepts parameters, and what may contain some: all arrays, modules, lists and maps but those whose name starts
    /// with `_`.
    public static boolean validParameterFilter(Module module, String name, Object value) {
        return !name.startsWith("_");
    }

    /// Accepts what [#validParameterFilter] does, but for frozen parameters.
    public static boolean trainableParameterFilter(Module module, String name, Object value) {
        return validParameterFilter(module, name, value) && !module.frozen.contains(name);
    }

    /// Accepts modules, and lists and maps, which may contain some.
    public static boolean validChildFilter(Module module, String name, Object value) {
        return !(value instanceof Array);
    }

    /// The tree of the arrays that a filter accepts, each passed through `fn`. What contains arrays is only looked into
    /// if the filter accepts it too; where an element of a list or map is not accepted, the tree has an empty map.
    public <R> Tree<R> filterAndMap(MemberFilter filter, Function<Array, ? extends R> fn) {
        return filterAndMap(filter, value -> fn.apply((Array) value), (module, name, value) -> value instanceof Array);
    }

    /// The tree of the members that a filter accepts, each leaf passed through `fn`.
    ///
    /// @param isLeaf which members not to look into
    public <R> Tree<R> filterAndMap(MemberFilter filter, Function<Object, ? extends R> fn, MemberFilter isLeaf) {
        return ModuleTrees.map(this, filter, fn, isLeaf);
    }

    /// All parameters of this module and the modules in it.
    public Tree<Array> parameters() {
        return filterAndMap(Module::validParameterFilter, array -> array);
    }

    /// The parameters that are not frozen.
    public Tree<Array> trainableParameters() {
        return filterAndMap(Module::trainableParameterFilter, array -> array);
    }

    /// All arrays in public fields that can be replaced, including those whose name starts with `_`.
    @Override
    public Tree<Array> state() {
        return filterAndMap(Module::isState, array -> array);
    }

    private static boolean isState(Module module, String name, Object value) {
        Member member = Member.of(module).get(name);
        return member == null || !member.isArray() || !member.isFinal();
    }

    /// Replaces arrays by those at the same paths of `state`.
    ///
    /// @throws IllegalArgumentException if a path leads nowhere; the module is then unchanged
    @Override
    public void setState(Tree<Array> state) {
        ModuleUpdates.arrays(this, state, true, "setState");
    }

    /// The modules directly within this one.
    public Tree<Module> children() {
        return filterAndMap(
                Module::validChildFilter, Module.class::cast, (module, name, value) -> value instanceof Module);
    }

    /// The modules within this one, at any depth, that have no modules in them.
    public Tree<Module> leafModules() {
        return filterAndMap(
                Module::validChildFilter,
                Module.class::cast,
                (module, name, value) ->
                        value instanceof Module child && child.children().isEmpty());
    }

    /// This module and all modules within it by path, each before those in it; this module's path is `""`.
    public SequencedMap<String, Module> namedModules() {
        return ModuleTrees.named(this);
    }

    /// This module and all modules within it, each before those in it.
    public List<Module> modules() {
        return List.copyOf(namedModules().values());
    }

    // Replacing parameters and modules

    /// Replaces parameters by those at the same paths of a tree, which may be a part of [#parameters].
    ///
    /// @return this module
    /// @throws IllegalArgumentException if a path leads nowhere or to something else than an array; the module is then
    ///     unchanged
    public Module update(Tree<Array> parameters) {
        return update(parameters, true);
    }

    /// Replaces parameters by those at the same paths of a tree.
    ///
    /// @param strict whether a path that leads nowhere is an error; if not, it is ignored
    /// @return this module
    public Module update(Tree<Array> parameters, boolean strict) {
        ModuleUpdates.arrays(this, parameters, strict, "update");
        return this;
    }

    /// Replaces modules by those at the same paths of a tree.
    ///
    /// @return this module
    /// @throws IllegalArgumentException if a path leads nowhere or to something else than a module, or a field is
    ///     declared to hold another kind of module; this module is then unchanged
    public Module updateModules(Tree<? extends Module> modules) {
        return updateModules(modules, true);
    }

    /// Replaces modules by those at the same paths of a tree.
    ///
    /// @param strict whether a path that leads nowhere is an error; if not, it is ignored
    /// @return this module
    public Module updateModules(Tree<? extends Module> modules, boolean strict) {
        ModuleUpdates.modules(this, modules, strict);
        return this;
    }

    /// Replaces every parameter by what `fn` makes of it.
    ///
    /// @return this module
    public Module apply(UnaryOperator<Array> fn) {
        return apply(fn, Module::validParameterFilter);
    }

    /// Replaces the arrays that a filter accepts by what `fn` makes of them.
    ///
    /// @return this module
    public Module apply(UnaryOperator<Array> fn, MemberFilter filter) {
        return update(filterAndMap(filter, fn));
    }

    /// Calls `fn` with the path and the module, for this module and all modules within it.
    ///
    /// @return this module
    public Module applyToModules(BiConsumer<String, Module> fn) {
        namedModules().forEach(fn);
        return this;
    }

    /// Converts the floating point parameters.
    ///
    /// @return this module
    public Module setDtype(DType dtype) {
        return setDtype(dtype, DType::isFloating);
    }

    /// Converts the parameters whose type satisfies a predicate.
    ///
    /// @return this module
    public Module setDtype(DType dtype, Predicate<DType> predicate) {
        return apply(array -> predicate.test(array.dtype()) ? array.astype(dtype) : array);
    }

    // Freezing

    /// Freezes all parameters: [Nn#valueAndGrad] gives no gradient for them.
    ///
    /// @return this module
    public Module freeze() {
        return freeze(FreezeOptions.ALL);
    }

    /// Freezes the parameters with these names, such as `"bias"`, here and in all modules within.
    ///
    /// @return this module
    public Module freeze(String... keys) {
        return freeze(FreezeOptions.ALL.withKeys(keys));
    }

    /// Freezes parameters.
    ///
    /// @return this module
    /// @throws IllegalArgumentException if the options are strict and no module has one of the keys
    public Module freeze(FreezeOptions options) {
        Collection<Module> modules = modulesOf(options, "freeze");
        for (Module module : modules) {
            module.frozen.addAll(options.keys().isEmpty() ? module.ownParameters() : options.keys());
        }
        return this;
    }

    /// Makes all parameters trainable.
    ///
    /// @return this module
    public Module unfreeze() {
        return unfreeze(FreezeOptions.ALL);
    }

    /// Makes the parameters with these names trainable, here and in all modules within.
    ///
    /// @return this module
    public Module unfreeze(String... keys) {
        return unfreeze(FreezeOptions.ALL.withKeys(keys));
    }

    /// Makes parameters trainable.
    ///
    /// @return this module
    /// @throws IllegalArgumentException if the options are strict and no module has one of the keys
    public Module unfreeze(FreezeOptions options) {
        for (Module module : modulesOf(options, "unfreeze")) {
            if (options.keys().isEmpty()) {
                module.frozen.clear();
            } else {
                module.frozen.removeAll(Set.copyOf(options.keys()));
            }
        }
        return this;
    }

    private Collection<Module> modulesOf(FreezeOptions options, String operation) {
        Collection<Module> modules = options.recurse() ? modules() : List.of(this);
        if (options.strict()) {
            for (String key : options.keys()) {
                if (modules.stream().noneMatch(module -> module.hasMember(key))) {
                    throw new IllegalArgumentException(
                            operation + ": no module is there that has '" + key + "' in\n" + this);
                }
            }
        }
        return modules;
    }

    private boolean hasMember(String name) {
        Member member = Member.of(this).get(name);
        return member == null ? ownParameters().contains(name) : member.get(this) != null;
    }

    /// The paths of the parameters of this module itself.
    private Set<String> ownParameters() {
        MemberFilter own =
                (module, name, value) -> !(value instanceof Module) && validParameterFilter(module, name, value);
        return filterAndMap(own, array -> array).flatten().keySet();
    }

    // Training and evaluation

    /// Whether this module behaves as it should in training, which is the case at first.
    public final boolean training() {
        return training;
    }

    /// Makes this module and those within it behave as in training.
    ///
    /// @return this module
    public final Module train() {
        return train(true);
    }

    /// Makes this module and those within it behave as in training, or not.
    ///
    /// @return this module
    public final Module train(boolean mode) {
        modules().forEach(module -> module.setTrainingMode(mode));
        return this;
    }

    /// Makes this module and those within it behave as in use: no dropout, for example.
    ///
    /// @return this module
    public final Module eval() {
        return train(false);
    }

    /// Called for every module when the mode is set. One that must do more overrides it and calls `super`.
    protected void setTrainingMode(boolean mode) {
        training = mode;
    }

    // Files

    /// Writes all parameters to a file, in the format that its name's end says: `.safetensors` or `.npz`.
    ///
    /// The file appears when it is complete.
    ///
    /// @throws IllegalArgumentException if the name ends in something else
    /// @throws java.io.UncheckedIOException if the file cannot be written
    public void saveWeights(Path file) {
        SequencedMap<String, Array> weights = parameters().flatten();
        switch (extension(file, "saveWeights")) {
            case ".npz" -> Npz.save(file, weights);
            default -> Safetensors.save(file, weights);
        }
    }

    /// Replaces all parameters by those in a `.safetensors` or `.npz` file.
    ///
    /// @return this module
    /// @throws IllegalArgumentException if the file lacks a parameter, has another one, or one of another shape; the
    ///     module is then unchanged
    public Module loadWeights(Path file) {
        return loadWeights(file, true);
    }

    /// Replaces parameters by those in a `.safetensors` or `.npz` file.
    ///
    /// @param strict whether names and shapes must agree; if not, names that the module does not have are ignored
    /// @return this module
    public Module loadWeights(Path file, boolean strict) {
        return switch (extension(file, "loadWeights")) {
            case ".npz" -> loadWeights(Npz.load(file), strict);
            default -> loadWeights(Safetensors.load(file).arrays(), strict);
        };
    }

    /// Replaces all parameters by those with the same paths in a map.
    ///
    /// @return this module
    /// @throws IllegalArgumentException if the map lacks a parameter, has another one, or one of another shape; the
    ///     module is then unchanged
    public Module loadWeights(Map<String, Array> weights) {
        return loadWeights(weights, true);
    }

    /// Replaces parameters by those with the same paths in a map.
    ///
    /// @param strict whether names and shapes must agree; if not, names that the module does not have are ignored
    /// @return this module
    public Module loadWeights(Map<String, Array> weights, boolean strict) {
        if (strict) {
            checkWeights(weights);
        }
        return weights.isEmpty() ? this : update(Tree.unflatten(weights), false);
    }

    private void checkWeights(Map<String, Array> weights) {
        SequencedMap<String, Array> parameters = parameters().flatten();
        Set<String> missing = new LinkedHashSet<>(parameters.keySet());
        missing.removeAll(weights.keySet());
        Set<String> extra = new LinkedHashSet<>(weights.keySet());
        extra.removeAll(parameters.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new IllegalArgumentException("loadWeights:"
                    + (missing.isEmpty() ? "" : " the parameters " + missing + " are missing")
                    + (missing.isEmpty() || extra.isEmpty() ? "" : ", and")
                    + (extra.isEmpty() ? "" : " the module has no parameters " + extra)
                    + ": the model must be the one that was saved, or pass strict = false");
        }
        parameters.forEach((path, parameter) -> {
            Array weight = weights.get(path);
            if (weight != null && !weight.shape().equals(parameter.shape())) {
                throw new IllegalArgumentException("loadWeights: '" + path + "' has shape " + parameter.shape()
                        + ", but the weights to load have " + weight.shape()
                        + ": make the model with the sizes it was saved with");
            }
        });
    }

    private static String extension(Path file, String operation) {
        String name = String.valueOf(file.getFileName());
        for (String extension : List.of(".safetensors", ".npz")) {
            if (name.endsWith(extension)) {
                return extension;
            }
        }
        throw new IllegalArgumentException(
                operation + ": " + file + " ends neither in .safetensors nor in .npz: rename it");
    }

    // Text

    /// What [#toString] shows between the parentheses: the options a layer was made with.
    protected String extraRepr() {
        return "";
    }

    /// The tree of modules, as MLX prints it.
    @Override
    public String toString() {
        Class<?> type = getClass().isAnonymousClass() ? getClass().getSuperclass() : getClass();
        StringBuilder text = new StringBuilder(type.getSimpleName()).append('(').append(extraRepr());
        SequencedMap<String, Module> children = children().flatten();
        children.forEach((path, child) -> text.append("\n  (")
                .append(path)
                .append("): ")
                .append(child.toString().replace("\n", "\n  ")));
        return text.append(children.isEmpty() ? ")" : "\n)").toString();
    }
}

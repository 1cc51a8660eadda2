package org.lazuli.metal.abi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/// How the JDK would make a call on macOS on arm64, whatever machine this is. It knows that in classes of its own
/// (`jdk.internal.foreign.abi`), which are reached by reflection and need `--add-exports` in the test's JVM.
record MacCall(List<Passed> arguments, Passed result, boolean returnsThroughMemory) {
    /// How one value is passed: the places it goes to (`r0`, `v0`, `Stack@0`), and the steps to get there.
    record Passed(List<String> places, List<String> steps) {
        /// Whether a pointer to a copy is passed instead of the value.
        boolean copied() {
            return steps.contains("Copy");
        }
    }

    static MacCall of(FunctionDescriptor descriptor) {
        return of(descriptor, new Linker.Option[0]);
    }

    /// The call of a function whose arguments from `first` on are variadic.
    static MacCall variadic(FunctionDescriptor descriptor, int first) {
        return of(descriptor, Linker.Option.firstVariadicArg(first));
    }

    Passed argument(int index) {
        return arguments.get(index);
    }

    private static MacCall of(FunctionDescriptor descriptor, Linker.Option... options) {
        try {
            var internal = "jdk.internal.foreign.abi.";
            var arranger = Class.forName(internal + "aarch64.CallArranger");
            var optionsType = Class.forName(internal + "LinkerOptions");
            var linkerOptions = optionsType
                    .getMethod("forDowncall", FunctionDescriptor.class, Linker.Option[].class)
                    .invoke(null, descriptor, options);
            var bindings = arranger.getMethod(
                            "getBindings", MethodType.class, FunctionDescriptor.class, boolean.class, optionsType)
                    .invoke(
                            arranger.getField("MACOS").get(null),
                            descriptor.toMethodType(),
                            descriptor,
                            false,
                            linkerOptions);
            var sequence = get(bindings, "callingSequence");
            var arguments = new ArrayList<Passed>();
            var throughMemory = (boolean) get(bindings, "isInMemoryReturn");
            // First comes the address that is called, and the buffer for a result in memory.
            for (var i = throughMemory ? 2 : 1; i < (int) get(sequence, "argumentBindingsCount"); i++) {
                arguments.add(passed((List<?>) sequence.getClass()
                        .getMethod("argumentBindings", int.class)
                        .invoke(sequence, i)));
            }
            return new MacCall(arguments, passed((List<?>) get(sequence, "returnBindings")), throughMemory);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK's calling conventions are elsewhere, or not exported to this test", e);
        }
    }

    private static Passed passed(List<?> bindings) throws ReflectiveOperationException {
        var places = new ArrayList<String>();
        var steps = new ArrayList<String>();
        for (var binding : bindings) {
            var kind = binding.getClass().getSimpleName();
            if (kind.equals("VMStore") || kind.equals("VMLoad")) {
                places.add((String) get(get(binding, "storage"), "debugName"));
                steps.add(kind + " " + get(binding, "type"));
            } else {
                // Conversions are constants of an enumeration, whose name says which.
                steps.add(binding instanceof Enum<?> conversion ? conversion.name() : kind);
            }
        }
        return new Passed(places, steps);
    }

    private static Object get(Object owner, String accessor) throws ReflectiveOperationException {
        return owner.getClass().getMethod(accessor).invoke(owner);
    }
}

package org.lazuli.metal.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.internal.foreign.abi.Binding;
import jdk.internal.foreign.abi.CallingSequence;
import jdk.internal.foreign.abi.VMStorage;
import jdk.internal.foreign.abi.aarch64.CallArranger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lazuli.metal.objc.Selector;

/// Where each shape of message has its arguments on macOS on arm64, as the JDK itself would place them.
///
/// Apple's convention is the standard one of arm64 with exceptions. What matters for messages: the receiver and the selector in
/// x0 and x1; integers and pointers in x2 to x7; an aggregate of more than 16 bytes (`MTLSize`) as a pointer to a copy; one of
/// at most 16 bytes (`NSRange`) in two registers in a row; `double` in its own registers; small integers widened by the
/// caller to 32 bits; and `objc_msgSend` called as the method's own type, never as a variadic function, whose arguments
/// would go to the stack.
class CallingConventionTest {
    /// The kinds of storage that the JDK numbers: integer registers, floating-point registers, the stack.
    private static final int INTEGER = 0;

    private static final int VECTOR = 1;
    private static final int STACK = 2;

    static Stream<String> shapes() {
        return Stream.concat(
                        Arrays.stream(Selector.values()).map(Selector::shape),
                        Bindings.functions().keySet().stream()
                                .filter(x -> x.startsWith("send_"))
                                .map(x -> x.substring("send_".length())))
                .distinct()
                .sorted();
    }

    private static CallingSequence sequence(FunctionDescriptor descriptor) {
        return CallArranger.MACOS
                .getBindings(descriptor.toMethodType(), descriptor, false)
                .callingSequence();
    }

    /// The descriptor that the letters of a shape stand for, receiver and selector included.
    private static FunctionDescriptor described(String shape) {
        var parts = shape.split("_");
        var arguments = new java.util.ArrayList<MemoryLayout>(List.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        if (parts.length > 1) {
            parts[1].chars().mapToObj(c -> layout((char) c)).forEach(arguments::add);
        }
        var layouts = arguments.toArray(MemoryLayout[]::new);
        return parts[0].equals("v")
                ? FunctionDescriptor.ofVoid(layouts)
                : FunctionDescriptor.of(layout(parts[0].charAt(0)), layouts);
    }

    private static MemoryLayout layout(char letter) {
        return switch (letter) {
            case 'p' -> ValueLayout.ADDRESS;
            case 'u' -> ValueLayout.JAVA_LONG;
            case 'i' -> ValueLayout.JAVA_INT;
            case 'b' -> ValueLayout.JAVA_BOOLEAN;
            case 'c' -> ValueLayout.JAVA_BYTE;
            case 'd' -> ValueLayout.JAVA_DOUBLE;
            case 'z' -> Bindings.SIZE;
            case 'r' -> Bindings.RANGE;
            default -> throw new IllegalArgumentException("no letter of a shape: " + letter);
        };
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void bindingsDeclareWhatTheShapeSays(String shape) {
        assertEquals(described(shape), Bindings.functions().get("send_" + shape));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void argumentsAreWhereAppleExpectsThem(String shape) {
        var descriptor = described(shape);
        var sequence = sequence(descriptor);
        // Binding 0 is the address that is called.
        var integers = 0;
        var vectors = 0;
        for (var i = 0; i < descriptor.argumentLayouts().size(); i++) {
            var layout = descriptor.argumentLayouts().get(i);
            var bindings = sequence.argumentBindings(i + 1);
            var stores = stores(bindings);
            var what = shape + ", argument " + i + ": " + bindings;
            if (layout.equals(ValueLayout.JAVA_DOUBLE)) {
                assertEquals(List.of(register(VECTOR, vectors++)), stores, what);
            } else if (layout.equals(Bindings.RANGE)) {
                assertEquals(List.of(register(INTEGER, integers++), register(INTEGER, integers++)), stores, what);
                assertFalse(bindings.stream().anyMatch(Binding.Copy.class::isInstance), what);
            } else {
                assertEquals(List.of(register(INTEGER, integers++)), stores, what);
                assertEquals(
                        layout.equals(Bindings.SIZE),
                        bindings.stream().anyMatch(Binding.Copy.class::isInstance),
                        what);
            }
        }
        assertTrue(integers <= 8, shape + " does not fit the registers");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void receiverAndSelectorComeFirst(String shape) {
        var sequence = sequence(described(shape));
        assertEquals(List.of("r0"), names(sequence.argumentBindings(1)));
        assertEquals(List.of("r1"), names(sequence.argumentBindings(2)));
        assertFalse(sequence.needsReturnBuffer(), "a structure is returned");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void resultIsInTheFirstRegister(String shape) {
        var descriptor = described(shape);
        var loads = sequence(descriptor).returnBindings().stream()
                .filter(Binding.VMLoad.class::isInstance)
                .map(x -> ((Binding.VMLoad) x).storage().debugName())
                .toList();
        assertEquals(
                descriptor.returnLayout().isEmpty()
                        ? List.of()
                        : List.of(descriptor.returnLayout().get().equals(ValueLayout.JAVA_DOUBLE) ? "v0" : "r0"),
                loads);
    }

    /// A BOOL has 8 bits: the caller widens it to 32, and of a result only those 8 bits may be looked at.
    @Test
    void booleansAreWidenedAndNarrowed() {
        var sequence = sequence(described("b_b"));
        var argument = sequence.argumentBindings(3);
        assertEquals(2, argument.size(), argument::toString);
        assertInstanceOf(Binding.Cast.class, argument.getFirst());
        assertEquals(int.class, ((Binding.VMStore) argument.getLast()).type());
        var result = sequence.returnBindings();
        assertEquals(2, result.size(), result::toString);
        assertEquals(int.class, ((Binding.VMLoad) result.getFirst()).type());
        assertEquals("INT_TO_BOOLEAN", result.getLast().toString());
    }

    @Test
    void bytesAreWidened() {
        var bindings = sequence(described("v_prc")).argumentBindings(5);
        assertEquals("BYTE_TO_INT", bindings.getFirst().toString());
        assertEquals(int.class, ((Binding.VMStore) bindings.getLast()).type());
    }

    /// The test itself: a variadic call would put the arguments on the stack, and a structure of three words that
    /// were passed in registers would take three of them.
    @Test
    void wouldNoticeAnotherConvention() {
        var size = sequence(described("v_zz"));
        assertEquals(List.of("r2"), names(size.argumentBindings(3)));
        assertEquals(List.of("r3"), names(size.argumentBindings(4)));
        var options = jdk.internal.foreign.abi.LinkerOptions.forDowncall(
                described("v_puu"), java.lang.foreign.Linker.Option.firstVariadicArg(2));
        var descriptor = described("v_puu");
        var variadic = CallArranger.MACOS
                .getBindings(descriptor.toMethodType(), descriptor, false, options)
                .callingSequence();
        assertEquals(STACK, stores(variadic.argumentBindings(3)).getFirst().type());
    }

    private static Place register(int type, int index) {
        return new Place(type, index);
    }

    private record Place(int type, int index) {}

    private static List<Place> stores(List<Binding> bindings) {
        return bindings.stream()
                .filter(Binding.VMStore.class::isInstance)
                .map(x -> ((Binding.VMStore) x).storage())
                .map(x -> new Place(x.type(), x.indexOrOffset()))
                .toList();
    }

    private static List<String> names(List<Binding> bindings) {
        return bindings.stream()
                .filter(Binding.VMStore.class::isInstance)
                .map(x -> ((Binding.VMStore) x).storage())
                .map(VMStorage::debugName)
                .toList();
    }
}

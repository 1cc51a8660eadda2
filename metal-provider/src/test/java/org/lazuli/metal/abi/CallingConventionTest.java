package org.lazuli.metal.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
    static Stream<String> shapes() {
        return Stream.concat(
                        Arrays.stream(Selector.values()).map(Selector::shape),
                        Bindings.functions().keySet().stream()
                                .filter(x -> x.startsWith("send_"))
                                .map(x -> x.substring("send_".length())))
                .distinct()
                .sorted();
    }

    /// The descriptor that the letters of a shape stand for, receiver and selector included.
    private static FunctionDescriptor described(String shape) {
        var parts = shape.split("_");
        var arguments = new ArrayList<MemoryLayout>(List.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
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
        var call = MacCall.of(descriptor);
        var integers = 0;
        var vectors = 0;
        for (var i = 0; i < descriptor.argumentLayouts().size(); i++) {
            var layout = descriptor.argumentLayouts().get(i);
            var passed = call.argument(i);
            var what = shape + ", argument " + i + ": " + passed;
            if (layout.equals(ValueLayout.JAVA_DOUBLE)) {
                assertEquals(List.of("v" + vectors++), passed.places(), what);
            } else if (layout.equals(Bindings.RANGE)) {
                assertEquals(List.of("r" + integers++, "r" + integers++), passed.places(), what);
                assertFalse(passed.copied(), what);
            } else {
                assertEquals(List.of("r" + integers++), passed.places(), what);
                assertEquals(layout.equals(Bindings.SIZE), passed.copied(), what);
            }
        }
        assertTrue(integers <= 8, shape + " does not fit the registers");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void receiverAndSelectorComeFirst(String shape) {
        var call = MacCall.of(described(shape));
        assertEquals(List.of("r0"), call.argument(0).places());
        assertEquals(List.of("r1"), call.argument(1).places());
        assertFalse(call.returnsThroughMemory(), "a structure is returned");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void resultIsInTheFirstRegister(String shape) {
        var expected = switch (shape.charAt(0)) {
            case 'v' -> List.of();
            case 'd' -> List.of("v0");
            default -> List.of("r0");
        };
        assertEquals(expected, MacCall.of(described(shape)).result().places());
    }

    /// A BOOL has 8 bits: the caller widens it to 32, and of a result only those 8 bits may be looked at.
    @Test
    void booleansAreWidenedAndNarrowed() {
        var call = MacCall.of(described("b_b"));
        assertEquals(List.of("BOOLEAN_TO_INT", "VMStore int"), call.argument(2).steps());
        assertEquals(List.of("VMLoad int", "INT_TO_BOOLEAN"), call.result().steps());
    }

    @Test
    void bytesAreWidened() {
        assertEquals(
                List.of("BYTE_TO_INT", "VMStore int"),
                MacCall.of(described("v_prc")).argument(4).steps());
    }

    /// The tests would notice another convention: a variadic call has its arguments on the stack, a structure that is
    /// returned goes through memory.
    @Test
    void otherConventionsLookOtherwise() {
        var variadic = MacCall.variadic(described("v_puu"), 2);
        assertEquals(List.of("Stack@0"), variadic.argument(2).places());
        var returning = MacCall.of(FunctionDescriptor.of(Bindings.SIZE, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        assertTrue(returning.returnsThroughMemory());
    }
}

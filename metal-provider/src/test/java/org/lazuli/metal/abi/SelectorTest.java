package org.lazuli.metal.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lazuli.metal.objc.MetalConstant;
import org.lazuli.metal.objc.Selector;

/// What is sent, against Apple's declarations.
class SelectorTest {
    private static final List<Declarations.Method> METHODS = Declarations.methods();
    private static final List<Declarations.Constant> CONSTANTS = Declarations.constants();

    private static List<Declarations.Method> declared(Selector selector) {
        return METHODS.stream()
                .filter(x -> x.type().equals(selector.type())
                        && x.selector().equals(selector.selector())
                        && x.ofClass() == (selector.kind() == Selector.Kind.CLASS))
                .toList();
    }

    @Test
    void tablesAreWhole() {
        assertTrue(METHODS.size() > 1_200, "only " + METHODS.size() + " methods");
        assertEquals(228, CONSTANTS.size());
        assertTrue(Selector.values().length >= 40, "only " + Selector.values().length + " selectors are used");
    }

    @ParameterizedTest
    @EnumSource
    void existsForItsClass(Selector selector) {
        assertFalse(
                declared(selector).isEmpty(),
                () -> selector.type() + " has no " + selector.selector() + "; it has "
                        + METHODS.stream()
                                .filter(x -> x.type().equals(selector.type()))
                                .map(Declarations.Method::selector)
                                .filter(x -> x.startsWith(selector.selector().substring(0, 3)))
                                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void isCalledAsItIsDeclared(Selector selector) {
        for (var method : declared(selector)) {
            // The table gives respondsToSelector: a receiver as its first argument, as metal-cpp's helper has it.
            var expected = selector == Selector.RESPONDS_TO_SELECTOR ? "b_p" : method.shape();
            assertEquals(expected, selector.shape(), selector::selector);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ownsWhatItIsDeclaredToOwn(Selector selector) {
        for (var method : declared(selector)) {
            assertEquals(method.retained(), selector.isRetained(), selector::selector);
        }
    }

    /// Objective-C's rule, which the table must not contradict: what `new`, `alloc`, `copy` and `mutableCopy` return is owned.
    @ParameterizedTest
    @EnumSource
    void followsTheRuleOfNames(Selector selector) {
        assertEquals(
                selector.selector().matches("(new|alloc|copy|mutableCopy)([A-Z:].*)?"),
                selector.isRetained(),
                selector::selector);
    }

    @ParameterizedTest
    @EnumSource
    void hasAShapeOfTheBindings(Selector selector) {
        assertTrue(
                Bindings.functions().containsKey("send_" + selector.shape()),
                () -> "the bindings have no send_" + selector.shape());
    }

    @ParameterizedTest
    @EnumSource
    void takesAsManyArgumentsAsItHasColons(Selector selector) {
        var shape = selector.shape();
        var arguments = shape.indexOf('_') < 0 ? 0 : shape.length() - shape.indexOf('_') - 1;
        assertEquals(selector.selector().chars().filter(c -> c == ':').count(), arguments, selector::selector);
    }

    @ParameterizedTest
    @EnumSource
    void constantHasItsValue(MetalConstant constant) {
        var declared = CONSTANTS.stream()
                .filter(x -> x.type().equals(constant.type()) && x.name().equals(constant.constant()))
                .collect(Collectors.toSet());
        assertEquals(1, declared.size(), () -> "no single " + constant.type() + " " + constant.constant());
        assertEquals(declared.iterator().next().value(), constant.value(), constant::constant);
    }
}

package org.lazuli.metal.objc;

/// How source is compiled: the language version of which the library is written, and arithmetic by IEEE 754, with NaN, infinities and signed
/// zeros, or with what a user allows.
public final class CompileOptions extends Owned {
    public CompileOptions() {
        this(MetalConstant.MATH_SAFE);
    }

    /// @param math one of Metal's modes of arithmetic
    public CompileOptions(MetalConstant math) {
        super(Send.p(ObjectiveC.classNamed("MTLCompileOptions"), Selector.NEW_COMPILE_OPTIONS));
        Send.v_u(id(), Selector.SET_LANGUAGE_VERSION, MetalConstant.LANGUAGE_3_1.value());
        if (Send.understands(id(), Selector.SET_MATH_MODE)) {
            Send.v_u(id(), Selector.SET_MATH_MODE, math.value());
        } else {
            // Before macOS 15.
            Send.v_b(id(), Selector.SET_FAST_MATH_ENABLED, math == MetalConstant.MATH_FAST);
        }
    }
}

package org.lazuli.conformance;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.lazuli.DType;

/// What the suite knows of one instruction, or of one accelerated kernel: on which dtypes it is defined, how inputs are drawn from its domain, and
/// how exact its results have to be. All checks follow from it.
///
/// @param operation the name in [Instructions], such as `Unary.EXP`
/// @param dtypes the dtypes on which it is defined
/// @param special which other values than ordinary ones it is checked on
/// @param elementwise whether its output may be the memory of an operand
/// @param draw draws a kernel and its operands
record Row(
        String operation, Set<DType> dtypes, Set<Draw.Kind> special, boolean elementwise, Function<Draw, Case> draw) {

    static final Set<DType> ALL = EnumSet.allOf(DType.class);
    static final Set<DType> FLOATING = of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64);
    static final Set<DType> INEXACT = of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64, DType.COMPLEX64);
    static final Set<DType> REAL = EnumSet.complementOf(EnumSet.of(DType.COMPLEX64));

    private static Set<DType> of(DType first, DType... rest) {
        return EnumSet.of(first, rest);
    }

    /// Of an operation that is not elementwise and has no special values.
    Row(String operation, Set<DType> dtypes, Function<Draw, Case> draw) {
        this(operation, dtypes, EnumSet.noneOf(Draw.Kind.class), false, draw);
    }

    Row withSpecial() {
        return new Row(operation, dtypes, EnumSet.of(Draw.Kind.SPECIAL), elementwise, draw);
    }
}

package org.lazuli;

import org.jspecify.annotations.Nullable;

/// Kinds of [DType]s, from particular to general: every type is of one of the four kinds of numbers, or `bool`, and each kind is part of
/// more general ones.
///
/// ```
/// GENERIC
/// ├─ bool
/// └─ NUMBER
///    ├─ INTEGER
///    │  ├─ SIGNED_INTEGER
///    │  └─ UNSIGNED_INTEGER
///    └─ INEXACT
///       ├─ FLOATING
///       └─ COMPLEX_FLOATING
/// ```
///
/// @see Ops#issubdtype(DType, DtypeCategory)
public enum DtypeCategory {
    /// Every type.
    GENERIC(null),
    /// Every type but `bool`.
    NUMBER(GENERIC),
    INTEGER(NUMBER),
    SIGNED_INTEGER(INTEGER),
    UNSIGNED_INTEGER(INTEGER),
    /// Floating point, real and complex: what gradients flow through.
    INEXACT(NUMBER),
    /// Real floating point.
    FLOATING(INEXACT),
    COMPLEX_FLOATING(INEXACT);

    private final @Nullable DtypeCategory parent;

    DtypeCategory(@Nullable DtypeCategory parent) {
        this.parent = parent;
    }

    /// The most particular category of a type.
    public static DtypeCategory of(DType dtype) {
        return switch (dtype.category()) {
            case BOOL -> GENERIC;
            case UNSIGNED -> UNSIGNED_INTEGER;
            case SIGNED -> SIGNED_INTEGER;
            case FLOATING -> FLOATING;
            case COMPLEX -> COMPLEX_FLOATING;
        };
    }

    /// True if this is `other` or part of it.
    public boolean isPartOf(DtypeCategory other) {
        return this == other || (parent != null && parent.isPartOf(other));
    }
}

package org.lazuli.metal.lint;

/// What a kernel text can get wrong.
enum Rule {
    /// A construct outside the subset's grammar.
    GRAMMAR,
    /// A word of C++ that Metal's language does not have.
    WORD,
    /// A name that is neither declared in the text nor in the allow-list.
    NAME,
    /// A literal of a type that Metal does not have.
    LITERAL,
    /// An attribute that is unknown, misplaced, or on a parameter of the wrong type.
    ATTRIBUTE,
    /// Buffer and threadgroup indices: missing, twice, or out of range.
    BINDING,
    /// A pointer or reference without an address space, or with another one than what it is given.
    ADDRESS_SPACE,
    /// Where a variable lives: at program scope, `static`, in threadgroup memory.
    STORAGE,
    /// A write to something that is read-only.
    READ_ONLY,
    /// `?:` with a vector as its condition.
    VECTOR_CONDITION,
    /// Operands or arguments whose types do not go together, or a conversion that must be written out.
    CONVERSION,
    /// An atomic operation on what is not atomic, or of a width that Metal does not have.
    ATOMIC,
    /// A function that calls itself, by whatever way.
    RECURSION,
    /// A kernel that is called like a function.
    KERNEL_CALL,
    /// What only the compiler's own look at the text finds.
    COMPILER
}

/// A lint for kernel texts.
///
/// Apple's compiler is the only judge of what Metal's language is, and it runs on a Mac. Until it has spoken, three things
/// stand in for it, each of which sees what the others cannot:
///
/// - **The grammar** ([org.lazuli.metal.lint.MslLint], pure Java, everywhere). Kernels are written in a subset of the language
///   that this package can read from beginning to end: a recursive descent over tokens, with types for whatever does
///   not depend on a template's parameter. It is an allow-list: what the grammar does not have, and what `msl-allowed.tsv` does
///   not name with its section of the Metal Shading Language Specification, is refused. So it decides what can be told
///   from the text and what the specification says: words (`double`, `goto`, `new`), names of functions, types and
///   attributes, address spaces on pointers and references and between them, writes to what is constant, `?:` on vectors,
///   conversions between vectors and into `half` and `bfloat`, which types a function of the library takes, ambiguous
///   overloads, atomic types, threadgroup variables, storage, recursion, kernels that call kernels, and the
///   indices of buffers.
/// - **The compiler's look** ([org.lazuli.metal.lint.ClangLook], where clang 19 is). The same text is compiled as C++ for OpenCL
///   with the simulated device's headers, whose address spaces and vectors are nearly Metal's, and the tree is searched for what
///   that language allows and Metal does not. It knows the types in templates, after their instantiation, and which
///   overload is meant.
/// - **Running** on the simulated device, which tells what the kernel computes.
///
/// What is left to Apple's compiler: limits of its own (registers, size, time), whether each overload of the library exists
/// exactly as `msl-allowed.tsv` has it, precision of its functions, warnings, and any rule that neither the
/// specification nor this package states. The program `MacCheck` asks it, on a Mac.
package org.lazuli.metal.lint;

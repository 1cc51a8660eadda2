/// The conformance suite: proves of a backend that its values, gradients and manners are the reference's.
///
/// One dependency in test scope and one class:
///
/// ```java
/// class MyBackendConformanceTest extends BackendConformance {
///     @Override
///     protected BackendProvider provider() {
///         return new MyBackendProvider();
///     }
/// }
/// ```
///
/// A table is printed, and `target/conformance/<backend>.json`, `.md` and `.html` are written.
///
/// ## What is checked
///
/// Each instruction, and each kernel that a backend may have besides, has a *row*: the dtypes on which it is defined, how inputs are drawn from its domain, and how exact
/// its results have to be. The row drives all checks of single kernels: values, strided layouts, special values, determinism, outputs in the memory
/// of an operand, indices out of bounds, and that `supports` and `run` say the same. The backend is then made the one that evaluates, and
/// the graph of each instruction is compared in its values, its derivatives of both modes and of second order, batched and compiled; so are random programs. What is left are the
/// promises that no instruction makes alone: memory figures and limits, closing, threads, fallbacks, and that all memory comes back.
///
/// Inputs come from choices that jqwik draws and shrinks. The seed of a check is a hash of its name, so a check draws the same whatever else runs.
///
/// ## How exact
///
/// No bound is guessed, and none can be widened. An elementwise function has so many units in the last place, those that the specifications of Metal and OpenCL allow a
/// device; a sum of n products may be off by `(n + 1) · eps · Σ|aᵢbᵢ|`, computed for the operands at hand; what moves elements, integers and truth values has the very bits. float16 and bfloat16
/// add the rounding of the result. A device may take float32 subnormals for zero.
///
/// ## Outcomes
///
/// Passed; failed; *unsupported*, where the backend says so and its refusal is proved; a *known gap*, which the author declares with a reason and which fails when it
/// passes; and *untested*, of which there must be none. No check is left out because an exception came: that is a failure.
///
/// ## Who judges the judge
///
/// The oracle is the reference backend's mode without the Vector API, in float64 wherever the operands are narrower. It is not judged by this suite: the recorded results of MLX
/// (`org.lazuli.conformance.parity`), which are replayed without the Vector API as well, and the tests of the reference backend hold it against definitions written out with `StrictMath`,
/// `BigInteger` and `BigDecimal`. What the suite itself overlooks is shown by backends that break one promise each.
@NullMarked
package org.lazuli.conformance;

import org.jspecify.annotations.NullMarked;

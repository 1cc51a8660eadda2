/// The reference backend: every kernel in plain Java, on heap arrays.
///
/// It is simple where that can be had and exact where others are measured by it: sums of floats are carried in double,
/// functions are computed in double and rounded once. Where to find things:
///
/// - [org.lazuli.cpu.CpuBackendProvider] is all that others see; `CpuBackend` has the one switch over kernels.
/// - `Storage` is how elements lie in memory, `Domain` what they are computed in; `Conversions` lies between the two.
/// - `TileReader` reads a tensor of any layout in row-major order; `Elementwise` runs programs of instructions over
///   what it reads.
/// - `FloatUnary`, `FloatBinary`, `DoubleUnary`, `DoubleBinary`, `IntKernels`, `LongKernels`, `ComplexKernels` hold one
///   plain loop for each function.
/// - The other kernels have a class each: `Reduction`, `Scans`, `Sorting`, `Indexing`, `MatrixProduct`, `Convolutions`,
///   `RandomWords`, ….
///
/// Large kernels are cut into parts that `Workers` shares among threads, in a way that does not depend on how many there
/// are (`-Dlazuli.cpu.threads=N` sets that). Where Java is started with `--add-modules jdk.incubator.vector`,
/// `VectorSupport` finds faster kernels for float32 functions and matrix products; `-Dlazuli.vector=off` does without, and
/// [org.lazuli.cpu.CpuBackendProvider#plain] opens a backend that never uses them.
///
/// Loops over elements have one index on whole arrays (`o[i] = a[i] + b[i]`), because that is what the JIT compiler
/// vectorises.
@NullMarked
package org.lazuli.cpu;

import org.jspecify.annotations.NullMarked;

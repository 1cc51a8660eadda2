/// Runs directories of reference results against a backend.
///
/// A directory holds one manifest `<family>.json` and one tensor file `<family>.safetensors` for each family of cases. A case says
/// what to compute and what MLX got; [org.lazuli.conformance.parity.ParityRunner] computes it with the public API and compares. How the
/// classes divide the work:
///
/// - [Corpus], [Family], [Case], [Tensor] read the directory;
/// - [Program] runs a sequence of operations, looked up in an [OperationTable]; [ProgramKind] also transforms it;
/// - the other classes called *Kind* each run the cases of one kind;
/// - [Comparison] decides whether two tensors agree, and says where they do not;
/// - [Report] counts.
@NullMarked
package org.lazuli.conformance.parity;

import org.jspecify.annotations.NullMarked;

/// Functions as files: a function of arrays is traced, and its graph is written so that another program can run it without the Java code that made
/// it.
///
/// ```java
/// Array weight = Random.normal(Shape.of(3, 2));
/// Export.exportFunction(Path.of("layer.lzfn"), in -> List.of(in.get(0).matmul(weight)), List.of(Ops.zeros(5, 3)));
///
/// // In another program:
/// ImportedFunction layer = Export.importFunction(Path.of("layer.lzfn"));
/// Array y = layer.apply(x);
/// Unary gradient = Transforms.grad(in -> layer.apply(in).sum());
/// ```
///
/// Arrays that the function uses besides its arguments, such as weights, are written with it. An imported function is one like any other: it is
/// lazy, and can be differentiated, batched and compiled. What Java code decided while the function was traced, it decides no more; so a file
/// holds one trace for each combination of types and shapes that it was exported for ([Export#exporter]), or one for all sizes of its arguments
/// ([ExportOptions#SHAPELESS]).
///
/// [Export#exportToDot] draws the graph of arrays that are not evaluated yet.
///
/// See also: MLX, *Exporting Functions*.
@NullMarked
package org.lazuli.export;

import org.jspecify.annotations.NullMarked;

/// Lazy arrays and composable transformations of functions on them.
///
/// An [org.lazuli.Array] knows its type and shape at once; its values are computed when someone looks. Operations are methods of
/// `Array`, or functions of [org.lazuli.Ops] where there is no natural receiver:
///
/// ```java
/// import static org.lazuli.Ops.*;
///
/// var x = array(new float[][] {{1, 2}, {3, 4}});
/// var y = x.matmul(x).add(1);          // describes a computation
/// System.out.println(y);               // runs it
/// float[][] rows = y.toArray(float[][].class);
/// ```
///
/// Parts of an array are read with [org.lazuli.Array#get] and changed, in a copy, with [org.lazuli.Array#at]:
///
/// ```java
/// import static org.lazuli.Index.*;
///
/// var corner = x.get(span(0, 1), at(-1));
/// var raised = x.at(all(), at(0)).add(10);
/// ```
///
/// [org.lazuli.Transforms] makes functions of functions (gradients, batches, compiled functions), which nest:
///
/// ```java
/// import static org.lazuli.Transforms.*;
///
/// Binary loss = (w, row) -> row.matmul(w).square();
/// Binary perSample = vmap(grad(loss), NOT_MAPPED, 0, 0);
/// ```
///
/// [org.lazuli.Random] draws numbers, the same for the same key on every backend; [org.lazuli.Memory] tells what is held;
/// [org.lazuli.Backends] tells where it runs.
///
/// Nothing has to be freed, and no scope has to be managed: what a transformation makes and does not return is let go at its last use, the rest
/// when the garbage collector finds it unreachable.
@NullMarked
package org.lazuli;

import org.jspecify.annotations.NullMarked;

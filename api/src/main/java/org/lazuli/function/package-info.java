/// Functions on arrays: what transformations take and return.
///
/// ```java
/// Unary f = x -> x.square().sum();
/// Unary gradient = Transforms.grad(f);
/// ```
@NullMarked
package org.lazuli.function;

import org.jspecify.annotations.NullMarked;

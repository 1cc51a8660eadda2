/// How each operation becomes instructions: what the methods of [org.lazuli.Array] and [org.lazuli.Ops] delegate to.
@NullMarked
package org.lazuli.ops;

import org.jspecify.annotations.NullMarked;

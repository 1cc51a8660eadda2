/// The rules and walks behind [org.lazuli.Transforms]: each transformation rewrites a graph, written in the operations that users call.
@NullMarked
package org.lazuli.transforms;

import org.jspecify.annotations.NullMarked;

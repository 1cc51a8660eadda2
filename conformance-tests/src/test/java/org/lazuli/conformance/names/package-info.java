/// MLX's names and ours: the table in the documentation, and that it leaves nothing out.
@NullMarked
package org.lazuli.conformance.names;

import org.jspecify.annotations.NullMarked;

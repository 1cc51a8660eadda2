/// The lazy graph: its nodes, the shapes of their results, and the evaluator that plans and runs them.
@NullMarked
package org.lazuli.graph;

import org.jspecify.annotations.NullMarked;

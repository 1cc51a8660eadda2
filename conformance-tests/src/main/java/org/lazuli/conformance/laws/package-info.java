/// The laws of the core: what must hold of every instruction, and of every program made of them, whatever the shapes and values are.
///
/// [Instructions] lists the instruction set by reflection, [Rows] says for each instruction how to draw a sample of it, and each test
/// class checks one family of laws on all of them.
@NullMarked
package org.lazuli.conformance.laws;

import org.jspecify.annotations.NullMarked;

/// Readers of files against bytes that nobody would write.
///
/// Each class has one fuzz test. In the normal run it goes through a fixed set of inputs, in the folder `CLASSInputs/load` of the test
/// resources; with the profile `slow` it searches for others as well, for a fixed time, and adds what it finds to that folder. The search is
/// guided by what code an input reaches (Jazzer, on libFuzzer).
@NullMarked
package org.lazuli.conformance.fuzz;

import org.jspecify.annotations.NullMarked;

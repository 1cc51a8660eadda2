/// What the benchmarks of other libraries share: the data and the weights that all of them get, and what lazuli makes of these, with which their results
/// have to agree before anything is measured.
///
/// The other libraries themselves are used by the modules in `benchmarks/peers`, which the profile `peers` builds.
@NullMarked
package org.lazuli.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

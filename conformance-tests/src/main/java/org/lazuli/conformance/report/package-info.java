/// What came of a run of the conformance suite, and how it is shown.
///
/// The suite adds a [org.lazuli.conformance.report.Result] for each check of each operation and dtype to a
/// [org.lazuli.conformance.report.Report]. Its [org.lazuli.conformance.report.Outcome] is one of five; a backend conforms if
/// nothing failed and nothing is untested. A [org.lazuli.conformance.report.Failure] holds what is needed to see it again.
@NullMarked
package org.lazuli.conformance.report;

import org.jspecify.annotations.NullMarked;

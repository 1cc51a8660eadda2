/// Turns the JSON that JMH writes into a page of figures: a Markdown table, and a chart for every growth curve.
@NullMarked
package org.lazuli.benchmarks.report;

import org.jspecify.annotations.NullMarked;

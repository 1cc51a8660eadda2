package org.lazuli.benchmarks.report;

import java.util.List;
import java.util.Locale;

/// A line for every workload, on which each way's time is a dot: left of the middle where it is faster than our eager one, on a logarithmic axis.
final class ComparisonChart {
    private static final int LEFT = 280;
    private static final int PLOT = 480;
    private static final int RIGHT = 40;
    private static final int LINE = 22;
    private static final int TOP = 60;
    private static final List<String> COLOURS =
            List.of("#d62728", "#e377c2", "#ff7f0e", "#7f7f7f", "#1f77b4", "#2ca02c", "#9467bd", "#8c564b");
    /// What is further away is drawn at the edge.
    private static final double MOST = 30;

    private ComparisonChart() {}

    static String draw(List<Comparison.Row> rows) {
        int width = LEFT + PLOT + RIGHT;
        int bottom = TOP + LINE * rows.size();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                width,
                bottom + 30));
        int at = 10;
        for (Comparison.Column column : Comparison.columns(rows)) {
            dot(svg, at + 5, 16, column, column.title);
            svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"20\">%s</text>%n", at + 14, column.title));
            at += 30 + 6 * column.title.length();
        }
        for (double times : new double[] {1 / MOST, 0.1, 0.3, 1, 3, 10, MOST}) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>%n"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s×</text>%n",
                    x(times),
                    TOP - 10,
                    x(times),
                    bottom,
                    times == 1 ? "black" : "#ddd",
                    x(times),
                    bottom + 18,
                    MarkdownTable.number(times).replaceAll("\\.0+$|(?<=\\.[0-9]{1,2})0+$", "")));
        }
        for (int i = 0; i < rows.size(); i++) {
            Comparison.Row row = rows.get(i);
            int y = TOP + LINE * i + 6;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 12,
                    y + 4,
                    row.workload()));
            Result unit = row.cells().get(Comparison.Column.EAGER);
            if (unit == null) {
                continue;
            }
            row.cells()
                    .forEach((column, result) -> dot(
                            svg,
                            x(result.median() / unit.median()),
                            y,
                            column,
                            column.title + ": " + MarkdownTable.number(result.median()) + " " + result.unit()));
        }
        return svg.append("</svg>\n").toString().replace(System.lineSeparator(), "\n");
    }

    private static double x(double times) {
        double share = Math.log(Math.clamp(times, 1 / MOST, MOST)) / Math.log(MOST);
        return LEFT + PLOT * (share + 1) / 2;
    }

    private static void dot(StringBuilder svg, double x, double y, Comparison.Column column, String title) {
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"><title>%s</title></circle>%n",
                x,
                y,
                COLOURS.get(column.ordinal()),
                title));
    }
}

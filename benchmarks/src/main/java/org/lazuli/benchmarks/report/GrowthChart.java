package org.lazuli.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Time against size as a drawing, both on logarithmic axes: a line for each benchmark of a class.
final class GrowthChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int RIGHT = 210;
    private static final int TOP = 30;
    private static final int BOTTOM = 45;
    private static final List<String> COLOURS =
            List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f");

    private GrowthChart() {}

    /// A class of benchmarks over a number that grows.
    ///
    /// @param lines for each benchmark, what it takes at each size
    record Curves(String name, String parameter, String unit, Map<String, TreeMap<Double, Double>> lines) {}

    /// The curves that there are: classes with one parameter, a positive number, of three sizes at least, or of two numbers of threads.
    static List<Curves> find(List<Result> results) {
        Map<String, Curves> found = new TreeMap<>();
        for (Result result : results) {
            if (result.parameters().size() != 1 || result.benchmark().contains(":")) {
                continue;
            }
            Map.Entry<String, String> only =
                    result.parameters().entrySet().iterator().next();
            double size = size(only.getValue());
            if (size > 0 && result.median() > 0) {
                String benchmark = ownName(result.benchmark());
                String name = benchmark.substring(0, benchmark.indexOf('.'));
                found.computeIfAbsent(name, n -> new Curves(n, only.getKey(), result.unit(), new TreeMap<>()))
                        .lines()
                        .computeIfAbsent(benchmark.substring(name.length() + 1), line -> new TreeMap<>())
                        .put(size, result.median());
            }
        }
        found.values().removeIf(curves -> {
            int least = curves.parameter().equals("threads") ? 2 : 3;
            return curves.lines().values().stream().noneMatch(line -> line.size() >= least);
        });
        return new ArrayList<>(found.values());
    }

    /// The name that another library's benchmark would have as one of ours, so that both are drawn together.
    private static String ownName(String benchmark) {
        return Comparison.Column.peer(benchmark)
                .map(peer -> Comparison.type(benchmark, peer) + "Benchmark." + peer.prefix
                        + benchmark.substring(benchmark.indexOf('.')))
                .orElse(benchmark);
    }

    /// A number, or the side of a product such as `64x64x64`; 0 if it is neither.
    private static double size(String text) {
        String[] sides = text.split("x", -1);
        for (String side : sides) {
            if (!side.equals(sides[0]) || !side.matches("[0-9]+(\\.[0-9]+)?")) {
                return 0;
            }
        }
        return Double.parseDouble(sides[0]);
    }

    static String draw(Curves curves) {
        double least = Double.MAX_VALUE;
        double most = 0;
        double fastest = Double.MAX_VALUE;
        double slowest = 0;
        for (TreeMap<Double, Double> line : curves.lines().values()) {
            least = Math.min(least, line.firstKey());
            most = Math.max(most, line.lastKey());
            for (double time : line.values()) {
                fastest = Math.min(fastest, time);
                slowest = Math.max(slowest, time);
            }
        }
        Axis x = Axis.around(least, most, LEFT, WIDTH - RIGHT);
        Axis y = Axis.around(fastest, slowest, HEIGHT - BOTTOM, TOP);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n<text x=\"%d\" y=\"18\">%s: %s against %s</text>%n",
                WIDTH,
                HEIGHT,
                LEFT,
                curves.name(),
                escaped(curves.unit()),
                curves.parameter()));
        for (double power : x.powers()) {
            grid(svg, x.at(power), TOP, x.at(power), HEIGHT - BOTTOM);
            label(svg, x.at(power), HEIGHT - BOTTOM + 18, "middle", power);
        }
        for (double power : y.powers()) {
            grid(svg, LEFT, y.at(power), WIDTH - RIGHT, y.at(power));
            label(svg, LEFT - 8, y.at(power) + 4, "end", power);
        }
        int number = 0;
        for (Map.Entry<String, TreeMap<Double, Double>> line : curves.lines().entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            StringBuilder points = new StringBuilder();
            line.getValue()
                    .forEach((size, time) ->
                            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(size), y.at(time))));
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n"
                            + "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    colour,
                    points.toString().trim(),
                    WIDTH - RIGHT + 10,
                    TOP + 14 + 16 * number,
                    colour,
                    escaped(line.getKey())));
            number++;
        }
        return svg.append("</svg>\n").toString().replace(System.lineSeparator(), "\n");
    }

    private static void grid(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void label(StringBuilder svg, double x, double y, String anchor, double power) {
        int exponent = (int) Math.round(Math.log10(power));
        String text = exponent >= -2 && exponent <= 4
                ? MarkdownTable.number(power).replaceAll("\\.0+$", "")
                : "1e" + exponent;
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// From a power of ten to another, drawn from one place to another.
    private record Axis(int low, int high, double from, double to) {
        static Axis around(double least, double most, double from, double to) {
            int low = (int) Math.floor(Math.log10(least));
            int high = Math.max((int) Math.ceil(Math.log10(most)), low + 1);
            return new Axis(low, high, from, to);
        }

        double at(double value) {
            return from + (Math.log10(value) - low) / (high - low) * (to - from);
        }

        double[] powers() {
            double[] powers = new double[high - low + 1];
            for (int i = 0; i < powers.length; i++) {
                powers[i] = Math.pow(10, low + i);
            }
            return powers;
        }
    }
}

package org.lazuli.examples.digits;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Pictures of how the training went.
public final class Plots {
    private static final List<Color> COLORS = List.of(new Color(0x1f5aa6), new Color(0xd9730d), new Color(0x2f8f4e));
    private static final Color INK = new Color(0x333333);
    private static final Color GRID = new Color(0xe3e3e3);
    private static final int COLUMNS = 8;
    private static final int MOST = 40;

    static {
        System.setProperty("java.awt.headless", "true");
    }

    private Plots() {}

    /// Why nothing can be drawn here, or null if it can: a machine without a screen may have no fonts either.
    public static @Nullable String problem() {
        try {
            var picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            picture.createGraphics().getFontMetrics().stringWidth("0");
            return null;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return "Java finds no fonts (" + e + "); install some, on Debian and Ubuntu the packages fontconfig and"
                    + " fonts-dejavu-core";
        }
    }

    // ------------------------------------------------------------------------------------------------- curves

    /// Writes the loss and the accuracy after each epoch, for each network, to a PNG file.
    public static void curves(Map<String, List<Epoch>> histories, Path file) throws IOException {
        int epochs = histories.values().stream().mapToInt(List::size).max().orElse(0);
        XYChart loss = chart("Loss", "mean cross entropy", epochs);
        XYChart accuracy = chart("Accuracy", "share of the test images", epochs);
        loss.getStyler().setYAxisLogarithmic(true);
        accuracy.getStyler().setLegendPosition(LegendPosition.InsideSE);
        int network = 0;
        for (Map.Entry<String, List<Epoch>> entry : histories.entrySet()) {
            Color color = COLORS.get(network++ % COLORS.size());
            List<Epoch> history = entry.getValue();
            curve(loss, entry.getKey() + ", training", history, epoch -> drawable(epoch.trainLoss()), color, true);
            curve(loss, entry.getKey() + ", test", history, epoch -> drawable(epoch.testLoss()), color, false);
            curve(accuracy, entry.getKey(), history, Epoch::testAccuracy, color, false);
        }
        try (var out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(List.of(loss, accuracy), 1, 2, out, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    /// A logarithmic axis has no place for 0.
    private static double drawable(double loss) {
        return Math.max(loss, 1e-6);
    }

    private static XYChart chart(String title, String yTitle, int epochs) {
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(460)
                .title(title)
                .xAxisTitle("epoch")
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.InsideNE)
                .setLegendBorderColor(GRID)
                .setChartBackgroundColor(Color.WHITE)
                .setChartFontColor(INK)
                .setChartPadding(16)
                .setChartTitleBoxVisible(false)
                .setPlotBorderVisible(false);
        chart.getStyler()
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setXAxisTickLabelsFormattingFunction(
                        epoch -> epochs <= 12 || epoch % 5 == 0 ? "%.0f".formatted(epoch) : " ");
        return chart;
    }

    private static void curve(
            XYChart chart,
            String name,
            List<Epoch> history,
            ToDoubleFunction<Epoch> value,
            Color color,
            boolean dashed) {
        double[] x = history.stream().mapToDouble(Epoch::number).toArray();
        double[] y = history.stream().mapToDouble(value).toArray();
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setMarkerColor(color);
        series.setMarker(dashed ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        series.setLineStyle(
                dashed
                        ? new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, new float[] {5, 5}, 0)
                        : new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    // ------------------------------------------------------------------------------------- misclassified images

    /// Writes the images that a network got wrong, at most 40 of them, with what they show and what it took them for, to a PNG file.
    ///
    /// @param predicted the class that the network gave to each image
    public static void misclassified(
            String network, LabelledImages images, int[] predicted, List<String> classes, Path file)
            throws IOException {
        int[] labels = images.labels().toIntArray();
        int[] pixels = images.pixels().toIntArray();
        int[] wrong = IntStream.range(0, labels.length)
                .filter(i -> labels[i] != predicted[i])
                .toArray();
        int shown = Math.min(wrong.length, MOST);
        int scale = Math.max(1, 112 / images.width());
        int side = scale * images.width();
        int cellWidth = side + 28;
        int cellHeight = scale * images.height() + 52;
        int top = 64;
        int rows = Math.max(1, (shown + COLUMNS - 1) / COLUMNS);
        var picture =
                new BufferedImage(COLUMNS * cellWidth + 28, top + rows * cellHeight + 12, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        g.setColor(INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        g.drawString(title(network, wrong.length, shown, labels.length), 28, 38);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        for (int i = 0; i < shown; i++) {
            int x = 28 + i % COLUMNS * cellWidth;
            int y = top + i / COLUMNS * cellHeight;
            drawImage(g, images, pixels, wrong[i], x, y, scale);
            int below = y + scale * images.height() + 17;
            drawText(g, classes.get(labels[wrong[i]]), x, below, side, INK);
            drawText(g, "taken for " + classes.get(predicted[wrong[i]]), x, below + 17, side, COLORS.get(1));
        }
        g.dispose();
        ImageIO.write(picture, "png", file.toFile());
    }

    private static String title(String network, int wrong, int shown, int all) {
        return network + ": " + wrong + " of " + all + " test images taken for something else"
                + (shown < wrong ? ", the first " + shown : "");
    }

    /// Draws dark on light, like ink on paper.
    private static void drawImage(
            Graphics2D g, LabelledImages images, int[] pixels, int number, int x, int y, int scale) {
        int size = images.height() * images.width();
        for (int row = 0; row < images.height(); row++) {
            for (int column = 0; column < images.width(); column++) {
                int pixel = pixels[number * size + row * images.width() + column];
                int grey = 245 - 245 * pixel / images.white();
                g.setColor(new Color(grey, grey, grey));
                g.fillRect(x + column * scale, y + row * scale, scale, scale);
            }
        }
    }

    /// Draws text that is no wider than its image.
    private static void drawText(Graphics2D g, String text, int x, int y, int width, Color color) {
        FontMetrics metrics = g.getFontMetrics();
        String fitting = text;
        while (metrics.stringWidth(fitting) > width + 20 && fitting.length() > 1) {
            fitting = fitting.substring(0, fitting.length() - 1);
        }
        g.setColor(color);
        g.drawString(fitting, x, y);
    }
}

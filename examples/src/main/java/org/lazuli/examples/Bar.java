package org.lazuli.examples;

import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.lazuli.train.Epoch;
import org.lazuli.train.Listener;
import org.lazuli.train.Progress;

/// Shows a bar for each epoch, with the loss while it grows and all metrics at its end.
final class Bar implements Listener {
    private @Nullable ProgressBar bar;

    @Override
    public void epochStarted(Progress progress) {
        String task = "epoch %2d/%d".formatted(progress.epoch(), progress.epochs());
        bar = org.lazuli.examples.digits.Progress.bar(task, progress.steps());
        bar.stepTo(progress.step());
    }

    @Override
    public void stepDone(Progress progress) {
        if (bar != null) {
            bar.step();
            bar.setExtraMessage("loss %.4f".formatted(progress.meanLoss()));
        }
    }

    @Override
    public void epochDone(Epoch epoch) {
        if (bar != null) {
            bar.setExtraMessage(
                    epoch.metrics().entrySet().stream().map(Bar::text).collect(Collectors.joining(", ")));
            bar.close();
        }
    }

    private static String text(Map.Entry<String, Double> metric) {
        return "%s %.4f".formatted(metric.getKey(), metric.getValue());
    }
}

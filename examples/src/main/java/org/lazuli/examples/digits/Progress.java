package org.lazuli.examples.digits;

import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress bars: in a terminal, lines that grow; in a file, only what they are in the end.
public final class Progress {
    private static final int WIDTH = 120;

    private Progress() {}

    /// A bar that moves on by one with each step.
    public static ProgressBar bar(String task, long steps) {
        ProgressBarBuilder builder = ProgressBar.builder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .hideEta();
        boolean terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        return terminal ? builder.build() : builder.setConsumer(new LastLine()).build();
    }

    /// Writes nothing but the last state of a bar.
    private static final class LastLine implements ProgressBarConsumer {
        private String line = "";

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String rendered) {
            line = rendered;
        }

        @Override
        public void close() {
            System.out.println(line);
        }
    }
}

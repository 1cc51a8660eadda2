package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;

/// A line for the log about how kernels run, which is written once kernels have been running for a while.
///
/// Starting `java.util.logging` for one line takes longer than all that a small program does, and faster kernels would be of no use to it. So a
/// program that ends within a second is told nothing.
final class Notice {
    private static final long LATER = 1_000_000_000;

    private final System.Logger.Level level;
    private final String text;
    private long start;
    private boolean due = true;

    Notice(System.Logger.Level level, String text) {
        this.level = level;
        this.text = text;
    }

    /// Called before a kernel runs.
    static void begin(@Nullable Notice notice) {
        if (notice != null && notice.due && notice.start == 0) {
            notice.start = System.nanoTime() | 1;
        }
    }

    /// Called after a kernel ran: writes the line if a second has passed since the first began, and it is not written.
    static void end(@Nullable Notice notice) {
        if (notice != null && notice.due && System.nanoTime() - notice.start > LATER) {
            notice.due = false;
            System.getLogger("org.lazuli.cpu").log(notice.level, notice.text);
        }
    }
}

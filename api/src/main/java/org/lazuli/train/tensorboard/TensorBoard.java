package org.lazuli.train.tensorboard;

import java.nio.file.Path;
import java.time.InstantSource;
import org.lazuli.train.Epoch;
import org.lazuli.train.Listener;
import org.lazuli.train.Progress;

/// Writes the losses and metrics of a run to a file that TensorBoard shows.
///
/// `loss` is written at every step, and what was measured after an epoch at its last step, with the mean loss as
/// `epoch/loss`; steps count through the whole run. A directory is a run: a program that goes on from a checkpoint writes
/// another file into the same directory, and TensorBoard forgets what the killed one had written of the steps that are
/// taken again.
public final class TensorBoard implements Listener, AutoCloseable {
    private final EventFile file;
    private boolean started;
    private long step;

    /// Creates a file in a directory, which is created if need be.
    ///
    /// @throws java.io.UncheckedIOException if it cannot be created
    public TensorBoard(Path directory) {
        this(directory, InstantSource.system());
    }

    /// @param clock what events are dated with
    public TensorBoard(Path directory, InstantSource clock) {
        file = new EventFile(directory, clock);
    }

    /// The file.
    public Path file() {
        return file.file();
    }

    /// Writes a value of one's own.
    ///
    /// @param tag its name; those with the same text before a `/` are shown together
    public void scalar(String tag, double value, long step) {
        file.scalar(tag, value, step);
    }

    @Override
    public void epochStarted(Progress progress) {
        if (!started) {
            started = true;
            step = progress.totalSteps();
            if (step > 0) {
                file.start(step + 1);
            }
        }
    }

    @Override
    public void stepDone(Progress progress) {
        step = progress.totalSteps();
        scalar("loss", progress.loss(), step);
    }

    @Override
    public void epochDone(Epoch epoch) {
        epoch.metrics().forEach((name, value) -> scalar(name.equals("loss") ? "epoch/loss" : name, value, step));
    }

    @Override
    public void close() {
        file.close();
    }
}

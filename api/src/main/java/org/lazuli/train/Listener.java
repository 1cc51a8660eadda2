package org.lazuli.train;

import java.util.List;

/// Hears how a training run goes on: a progress bar, a log, a file of events.
///
/// All methods are called by the thread that trains, which waits for them. A run that goes on from a checkpoint begins
/// where it is; a listener may then hear again of steps that a killed run had already told of.
public interface Listener {
    /// An epoch begins, or goes on in the middle after a checkpoint.
    default void epochStarted(Progress progress) {}

    /// A batch was learned from.
    default void stepDone(Progress progress) {}

    /// An epoch is over, and everything was measured.
    default void epochDone(Epoch epoch) {}

    /// The run is over, or was stopped early.
    default void trainingDone(List<Epoch> history) {}
}

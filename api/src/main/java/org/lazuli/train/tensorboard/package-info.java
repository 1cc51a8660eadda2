/// Event files for TensorBoard: curves of losses and metrics.
///
/// ```java
/// try (var board = new TensorBoard(Path.of("runs", "first"))) {
///     trainer.listen(board);
///     trainer.fit(batches, 20);
/// }
/// ```
///
/// `tensorboard --logdir runs` shows them, while the run goes on and afterwards. Files are written without any library:
/// a record is a length, an event and their checksums, an event a few fields in the protocol buffers encoding.
///
/// Sources: TensorFlow, `record_writer.h` (*TFRecord*), `event.proto` and `summary.proto`; Google, *Protocol Buffers
/// Encoding*.
@NullMarked
package org.lazuli.train.tensorboard;

import org.jspecify.annotations.NullMarked;

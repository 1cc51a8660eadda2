package org.lazuli.conformance.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.train.Epoch;
import org.lazuli.train.Progress;
import org.lazuli.train.tensorboard.TensorBoard;

/// Event files: the bytes that TensorBoard's own writer gives, and their meaning read back.
class TensorBoardTest {
    @TempDir
    Path directory;

    private static InstantSource at(double seconds) {
        return InstantSource.fixed(Instant.ofEpochSecond(0, (long) (seconds * 1e9)));
    }

    /// The records as `RecordWriter` of TensorBoard 2.21 writes them for the same events.
    private static final String VERSION =
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c";

    private static final String SCALAR =
            "1b000000000000001a0d9e1309000000000000044010ac022a0d0a0b0a046c6f7373150000803e205d3896";

    private static final String START = "0f000000000000006d532b0909000000000000044010073a0208019aaf83ce";

    @Test
    void writesTheBytesThatTensorBoardWrites() throws IOException {
        var times = List.of(at(1.5), at(1.5), at(2.5), at(2.5)).iterator();
        Path file;
        try (var board = new TensorBoard(directory, () -> times.next().instant())) {
            file = board.file();
            // Six steps were taken before.
            board.epochStarted(new Progress(2, 3, 0, 6, Double.NaN, Double.NaN));
            board.stepDone(new Progress(50, 50, 6, 6, 0.25, 1));
        }

        assertEquals(VERSION + START + SCALAR, HexFormat.of().formatHex(Files.readAllBytes(file)));
        assertTrue(file.getFileName().toString().startsWith("events.out.tfevents.1."), file.toString());
    }

    @Test
    void whatIsWrittenCanBeReadAtOnce() throws IOException {
        try (var board = new TensorBoard(directory.resolve("a/b"))) {
            board.epochStarted(new Progress(1, 2, 0, 2, Double.NaN, Double.NaN));
            board.stepDone(new Progress(1, 2, 1, 2, 0.5, 0.5));
            board.stepDone(new Progress(1, 2, 2, 2, -1e-30, 0.5));
            var metrics = new LinkedHashMap<String, Double>();
            metrics.put("loss", 0.75);
            metrics.put("validation/accuracy", 1.0);
            board.epochDone(new Epoch(1, metrics));
            board.scalar("größe", Double.NaN, 1L << 40);

            assertEquals(
                    List.of(
                            "version brain.Event:2",
                            "1 loss 0.5",
                            "2 loss -1.0E-30",
                            "2 epoch/loss 0.75",
                            "2 validation/accuracy 1.0",
                            "1099511627776 größe NaN"),
                    read(board.file()));
        }
    }

    @Test
    void twoRunsInOneDirectoryHaveTwoFiles() {
        try (var first = new TensorBoard(directory, at(1));
                var second = new TensorBoard(directory, at(1))) {
            assertTrue(Files.exists(first.file()));
            assertTrue(Files.exists(second.file()));
            assertEquals(directory, second.file().getParent());
            assertTrue(!first.file().equals(second.file()));
        }
    }

    @Test
    void aDirectoryThatCannotBeIsAnErrorThatNamesIt() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        String message = assertThrows(UncheckedIOException.class, () -> new TensorBoard(file.resolve("run")))
                .getMessage();
        assertTrue(message.contains(file.resolve("run").toString()), message);
    }

    // A reader that knows nothing of the writer

    private static List<String> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<String> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            long length = bytes.getLong();
            byte[] head = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .array();
            assertEquals(masked(head), bytes.getInt());
            byte[] data = new byte[(int) length];
            bytes.get(data);
            assertEquals(masked(data), bytes.getInt());
            events.add(event(data));
        }
        return events;
    }

    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        long value = crc.getValue();
        return (int) ((value >>> 15 | value << 17) + 0xa282ead8L);
    }

    private static String event(byte[] data) {
        Map<Integer, Object> event = fields(data);
        assertTrue((double) event.get(1) > 0);
        if (event.containsKey(3)) {
            return "version " + new String((byte[]) event.get(3), StandardCharsets.UTF_8);
        }
        Map<Integer, Object> value =
                fields((byte[]) fields((byte[]) event.get(5)).get(1));
        return event.get(2) + " " + new String((byte[]) value.get(1), StandardCharsets.UTF_8) + " " + value.get(2);
    }

    private static Map<Integer, Object> fields(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Object> fields = new LinkedHashMap<>();
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            Object value = switch ((int) (key & 7)) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getDouble();
                case 5 -> bytes.getFloat();
                case 2 -> {
                    byte[] inner = new byte[(int) varint(bytes)];
                    bytes.get(inner);
                    yield inner;
                }
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            fields.put((int) (key >>> 3), value);
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}

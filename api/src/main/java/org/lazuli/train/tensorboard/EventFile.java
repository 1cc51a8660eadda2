package org.lazuli.train.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/// A file of events that TensorBoard reads: values at steps, by name.
///
/// Each event is with the operating system when the method returns, so it is in the file if the program is killed.
final class EventFile implements AutoCloseable {
    /// Fields of `Event`.
    private static final int WALL_TIME = 1;

    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    /// Fields of the messages in it.
    private static final int SUMMARY_VALUE = 1;

    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE_VALUE = 2;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int SESSION_START = 1;

    private static final int CHECKSUM_DELTA = 0xa282ead8;

    private final Path file;
    private final FileChannel channel;
    private final InstantSource clock;

    /// Creates a new file in a directory, which is created if need be.
    EventFile(Path directory, InstantSource clock) {
        this.clock = clock;
        try {
            Files.createDirectories(directory);
            String start = "events.out.tfevents." + clock.instant().getEpochSecond() + "." + host() + "."
                    + ProcessHandle.current().pid();
            Path free = directory.resolve(start + ".0");
            for (int i = 1; Files.exists(free); i++) {
                free = directory.resolve(start + "." + i);
            }
            file = free;
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    directory + ": there can be no file of events: " + e
                            + "; check the rights and the space on the disk",
                    e);
        }
        write(event().text(FILE_VERSION, "brain.Event:2"));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "_");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    Path file() {
        return file;
    }

    /// Says that a run begins at a step: events of earlier files from this step on are void.
    void start(long step) {
        write(event().number(STEP, step).message(SESSION_LOG, new Message().number(SESSION_LOG_STATUS, SESSION_START)));
    }

    void scalar(String tag, double value, long step) {
        Message entry = new Message().text(VALUE_TAG, tag).real(VALUE_SIMPLE_VALUE, (float) value);
        write(event().number(STEP, step).message(SUMMARY, new Message().message(SUMMARY_VALUE, entry)));
    }

    private Message event() {
        Instant now = clock.instant();
        return new Message().real(WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9);
    }

    private void write(Message event) {
        ByteBuffer record = ByteBuffer.wrap(record(event.toByteArray()));
        try {
            while (record.hasRemaining()) {
                channel.write(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e + "; check the space on the disk", e);
        }
    }

    /// A record: the length of the data, a checksum of the length, the data, a checksum of the data.
    static byte[] record(byte... data) {
        ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(checksum(record.array(), 0, 8));
        record.put(data);
        record.putInt(checksum(record.array(), 12, data.length));
        return record.array();
    }

    /// A CRC-32C, rotated and shifted so that one of data with checksums in it is worth something.
    static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CHECKSUM_DELTA;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be closed: " + e + "; check the space on the disk", e);
        }
    }
}

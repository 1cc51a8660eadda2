package org.lazuli.examples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Shape;

class IdxFilesTest {
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    @TempDir
    Path directory;

    @BeforeEach
    void fourFilesThatFit() throws IOException {
        write(TRAIN_IMAGES, idx(0x0803, new int[] {3, 2, 2}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 254, 255));
        write(TRAIN_LABELS, idx(0x0801, new int[] {3}, 9, 0, 4));
        write(TEST_IMAGES, idx(0x0803, new int[] {1, 2, 2}, 51, 0, 0, 255));
        write(TEST_LABELS, idx(0x0801, new int[] {1}, 5));
    }

    private static byte[] idx(int magic, int[] dims, int... elements) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * dims.length + elements.length).putInt(magic);
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        for (int element : elements) {
            bytes.put((byte) element);
        }
        return bytes.array();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var target = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(target)) {
            out.write(bytes);
        }
        return target.toByteArray();
    }

    private void assertRefused(String message) {
        var error = assertThrows(DataException.class, () -> IdxFiles.load(directory));
        assertEquals(message, String.valueOf(error.getMessage()).replace(directory.toString(), "DIR"));
    }

    @Test
    void readsFourFiles() {
        Dataset data = IdxFiles.load(directory);

        assertEquals(Shape.of(3, 2, 2, 1), data.train().pixels().shape());
        assertArrayEquals(
                new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 254, 255},
                data.train().pixels().toIntArray());
        assertArrayEquals(new int[] {9, 0, 4}, data.train().labels().toIntArray());
        assertArrayEquals(new float[] {0.2f, 0, 0, 1}, data.test().inputs().toFloatArray(), 1e-7f);
        assertEquals(10, data.classes().size());
    }

    @Test
    void readsCompressedFiles() throws IOException {
        Files.delete(directory.resolve(TRAIN_IMAGES));
        write(TRAIN_IMAGES + ".gz", gzip(idx(0x0803, new int[] {3, 2, 2}, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0)));

        Dataset data = IdxFiles.load(directory);

        assertEquals(
                45, data.train().pixels().astype(org.lazuli.DType.INT32).sum().itemLong());
    }

    @Test
    void namesTheFileThatIsNotThere() throws IOException {
        Files.delete(directory.resolve(TEST_LABELS));

        assertRefused("DIR: there is no file t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz;"
                + " give the directory that has the four files of MNIST or Fashion-MNIST");
    }

    @Test
    void refusesElementsThatAreCutShort() throws IOException {
        write(TRAIN_IMAGES, idx(0x0803, new int[] {3, 2, 2}, 0, 1, 2));

        assertRefused(
                "DIR/train-images-idx3-ubyte: its header says that there are 3 x 2 x 2 = 12 bytes, but it ends after 3;"
                        + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesAHeaderThatIsCutShort() throws IOException {
        write(TRAIN_LABELS, new byte[] {0, 0, 8, 1, 0});

        assertRefused("DIR/train-labels-idx1-ubyte: it ends too early;"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        write(TEST_IMAGES, new byte[0]);

        assertRefused("DIR/t10k-images-idx3-ubyte: it ends too early;"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesACompressedFileThatIsCutShort() throws IOException {
        Files.delete(directory.resolve(TRAIN_IMAGES));
        byte[] whole = gzip(idx(0x0803, new int[] {3, 2, 2}, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0));
        write(TRAIN_IMAGES + ".gz", Arrays.copyOf(whole, whole.length - 10));

        assertRefused("DIR/train-images-idx3-ubyte.gz: it ends too early;"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesWhatIsNotCompressed() throws IOException {
        Files.delete(directory.resolve(TRAIN_LABELS));
        write(TRAIN_LABELS + ".gz", idx(0x0801, new int[] {3}, 9, 0, 4));

        assertRefused("DIR/train-labels-idx1-ubyte.gz: it cannot be decompressed (Not in GZIP format);"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesBytesAfterTheEnd() throws IOException {
        write(TRAIN_LABELS, idx(0x0801, new int[] {3}, 9, 0, 4, 4));

        assertRefused("DIR/train-labels-idx1-ubyte: its header says that there are 3 bytes, but there are more;"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesLabelsWhereImagesShouldBe() throws IOException {
        write(TRAIN_IMAGES, idx(0x0801, new int[] {3}, 9, 0, 4));

        assertRefused("DIR/train-images-idx3-ubyte: it begins with 00000801, where an idx file of unsigned bytes with 3"
                + " dimensions has 00000803; check that it is the file that its name says");
    }

    @Test
    void refusesHugeSizesBeforeTakingMemoryForThem() throws IOException {
        write(TRAIN_IMAGES, idx(0x0803, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE}));
        assertRefused(
                "DIR/train-images-idx3-ubyte: its header says that it has the shape 2147483647 x 2147483647 x 2147483647;"
                        + " it is damaged or not complete: copy or download it again");

        write(TRAIN_IMAGES, idx(0x0803, new int[] {2_000_000_000, 1, 1}, 7));
        assertRefused(
                "DIR/train-images-idx3-ubyte: its header says that there are 2000000000 x 1 x 1 = 2000000000 bytes,"
                        + " but it ends after 1; it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesNegativeAndEmptySizes() throws IOException {
        write(TRAIN_IMAGES, idx(0x0803, new int[] {-3, -2, 2}));
        assertRefused("DIR/train-images-idx3-ubyte: its header says that it has the shape -3 x -2 x 2;"
                + " it is damaged or not complete: copy or download it again");

        write(TRAIN_IMAGES, idx(0x0803, new int[] {0, 2, 2}));
        assertRefused("DIR/train-images-idx3-ubyte: its header says that it has the shape 0 x 2 x 2;"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesAnotherNumberOfLabelsThanImages() throws IOException {
        write(TRAIN_LABELS, idx(0x0801, new int[] {2}, 9, 0));

        assertRefused("DIR/train-labels-idx1-ubyte: it has 2 labels, but train-images-idx3-ubyte has 3 images;"
                + " use two files that belong together");
    }

    @Test
    void refusesALabelThatIsNoClass() throws IOException {
        write(TEST_LABELS, idx(0x0801, new int[] {1}, 200));

        assertRefused("DIR/t10k-labels-idx1-ubyte: it has the label 200, where only 0 to 9 can be;"
                + " it is damaged or not complete: copy or download it again");
    }

    @Test
    void refusesTestImagesOfAnotherSize() throws IOException {
        write(TEST_IMAGES, idx(0x0803, new int[] {1, 1, 3}, 1, 2, 3));

        assertRefused("DIR: the images for training have 2 x 2 pixels, those for the test 1 x 3;"
                + " give a directory whose four files belong together");
    }
}

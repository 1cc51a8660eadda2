package org.lazuli.examples.digits;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads data sets in the form of MNIST: four files in the `idx` format, compressed with gzip or not.
///
/// Such a file begins with two zeros, the type of its elements (8: unsigned bytes) and the number of dimensions, one
/// byte each. Then come the dimensions, four bytes each with the highest first, and the elements.
public final class IdxFiles {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final String DAMAGED = "it is damaged or not complete: copy or download it again";

    private static final List<String> NUMBERS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private static final List<String> FASHION = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private IdxFiles() {}

    /// Reads `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
    /// `t10k-labels-idx1-ubyte`, each with or without `.gz`, in a directory.
    ///
    /// @throws DataException if one is not there, or is not what it should be
    public static Dataset load(Path directory) {
        LabelledImages train = pair(directory, "train");
        LabelledImages test = pair(directory, "t10k");
        if (train.height() != test.height() || train.width() != test.width()) {
            throw new DataException(
                    directory,
                    "the images for training have " + train.height() + " x " + train.width()
                            + " pixels, those for the test " + test.height() + " x " + test.width(),
                    "give a directory whose four files belong together");
        }
        // The files do not say what they show.
        boolean fashion = directory.toString().toLowerCase(Locale.ROOT).contains("fashion");
        return new Dataset("images of " + directory, train, test, fashion ? FASHION : NUMBERS);
    }

    private static LabelledImages pair(Path directory, String name) {
        Path imageFile = find(directory, name + "-images-idx3-ubyte");
        Path labelFile = find(directory, name + "-labels-idx1-ubyte");
        Idx images = read(imageFile, 3);
        Idx labels = read(labelFile, 1);
        if (images.dims()[0] != labels.dims()[0]) {
            throw new DataException(
                    labelFile,
                    "it has " + labels.dims()[0] + " labels, but " + imageFile.getFileName() + " has "
                            + images.dims()[0] + " images",
                    "use two files that belong together");
        }
        for (byte label : labels.elements()) {
            if (label < 0 || label > 9) {
                throw new DataException(
                        labelFile, "it has the label " + (label & 0xff) + ", where only 0 to 9 can be", DAMAGED);
            }
        }
        return LabelledImages.of(images.elements(), labels.elements(), images.dims()[1], images.dims()[2], 255);
    }

    private static Path find(Path directory, String name) {
        for (String ending : List.of("", ".gz")) {
            Path file = directory.resolve(name + ending);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new DataException(
                directory,
                "there is no file " + name + " or " + name + ".gz",
                "give the directory that has the four files of MNIST or Fashion-MNIST");
    }

    /// The contents of a file.
    record Idx(int[] dims, byte[] elements) {}

    /// Reads a file of unsigned bytes.
    ///
    /// @param rank the number of dimensions that it must have
    static Idx read(Path file, int rank) {
        try (var in = new DataInputStream(open(file))) {
            int magic = in.readInt();
            if (magic != (UNSIGNED_BYTE << 8 | rank)) {
                throw new DataException(
                        file,
                        "it begins with " + String.format("%08x", magic) + ", where an idx file of unsigned bytes with "
                                + rank + " dimensions has " + String.format("%08x", UNSIGNED_BYTE << 8 | rank),
                        "check that it is the file that its name says");
            }
            int[] dims = new int[rank];
            long size = 1;
            for (int i = 0; i < rank; i++) {
                dims[i] = in.readInt();
                // Each factor is below 2^31, so the product is checked before it can overflow.
                size = dims[i] <= 0 || size > Integer.MAX_VALUE ? Long.MAX_VALUE : size * dims[i];
            }
            if (size > Integer.MAX_VALUE - 8) {
                throw new DataException(file, "its header says that it has the shape " + words(dims), DAMAGED);
            }
            // Reads piece by piece, so a header that lies takes no memory.
            byte[] elements = in.readNBytes((int) size);
            if (elements.length < size) {
                throw new DataException(
                        file,
                        "its header says that there are " + bytes(dims, size) + ", but it ends after "
                                + elements.length,
                        DAMAGED);
            }
            if (in.read() >= 0) {
                throw new DataException(
                        file, "its header says that there are " + bytes(dims, size) + ", but there are more", DAMAGED);
            }
            return new Idx(dims, elements);
        } catch (EOFException e) {
            throw new DataException(file, "it ends too early", DAMAGED);
        } catch (ZipException e) {
            throw new DataException(file, "it cannot be decompressed (" + e.getMessage() + ")", DAMAGED);
        } catch (IOException e) {
            throw new DataException(file, "it cannot be read (" + e + ")", "check that you may read it");
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        if (!String.valueOf(file.getFileName()).endsWith(".gz")) {
            return in;
        }
        try {
            return new GZIPInputStream(in, 1 << 16);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static String bytes(int[] dims, long size) {
        return (dims.length == 1 ? "" : words(dims) + " = ") + size + " bytes";
    }

    private static String words(int[] dims) {
        StringBuilder text = new StringBuilder();
        for (int dim : dims) {
            text.append(text.isEmpty() ? "" : " x ").append(dim);
        }
        return text.toString();
    }
}

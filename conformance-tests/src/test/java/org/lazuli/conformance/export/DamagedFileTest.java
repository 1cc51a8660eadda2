package org.lazuli.conformance.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lazuli.Array;
import org.lazuli.Axes;
import org.lazuli.DType;
import org.lazuli.Fast;
import org.lazuli.Index;
import org.lazuli.Ops;
import org.lazuli.Shape;
import org.lazuli.conformance.input.Refused;
import org.lazuli.export.Export;
import org.lazuli.export.ExportOptions;
import org.lazuli.export.FunctionFileException;
import org.lazuli.export.ImportedFunction;
import org.lazuli.function.Nary;

/// A file that is damaged is refused, with what is wrong; whatever its bytes are, nothing worse happens.
class DamagedFileTest {
    @TempDir
    Path directory;

    private byte[] good;

    @BeforeEach
    void export() throws IOException {
        export(ExportOptions.DEFAULT);
    }

    private void export(ExportOptions options) throws IOException {
        Array weight =
                Ops.arange(12).astype(DType.FLOAT32).div(10).reshape(3, 4).eval();
        Array mask = Ops.array(new boolean[] {true, false, true, true}).eval();
        Nary function = in -> {
            Array x = Fast.rmsNorm(in.get(0).matmul(weight), null, 1e-5);
            Array picked = Ops.where(mask, x, 0).softmax(-1).get(Index.all(), Index.span(1, 3));
            return List.of(picked.sum(Axes.of(1).keepDims()), x.sort(1).take(Ops.array(new int[] {2, 0}), 1));
        };
        Export.exportFunction(
                file(), function, List.of(Ops.zeros(2, 3)), options.metadata(java.util.Map.of("name", "test")));
        good = Files.readAllBytes(file());
    }

    private Path file() {
        return directory.resolve("function.lzfn");
    }

    private void write(byte[] bytes) throws IOException {
        Files.write(file(), bytes);
    }

    /// With the checksum that belongs to the bytes, so that the reader looks further.
    private static byte[] checked(byte[] bytes) {
        byte[] result = bytes.clone();
        int length = bytes.length - Integer.BYTES;
        if (length >= 0) {
            CRC32C checksum = new CRC32C();
            checksum.update(result, 0, length);
            MemorySegment.ofArray(result)
                    .set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), length, (int)
                            checksum.getValue());
        }
        return result;
    }

    private void refused(byte[] bytes, String reason) throws IOException {
        write(bytes);
        Refused.with(FunctionFileException.class, () -> Export.importFunction(file()), file().toString(), reason);
    }

    @Test
    void aFileThatIsSomethingElseIsRefused() throws IOException {
        refused(new byte[0], "does not begin with 'LAZULIFN'");
        refused("LAZULI".getBytes(), "does not begin with 'LAZULIFN'");
        refused("PK\3\4 a zip file, or so it seems".getBytes(), "does not begin with 'LAZULIFN'");
        refused("LAZULIFN".getBytes(), "it ends inside the version");
    }

    @Test
    void aNewerVersionIsRefused() throws IOException {
        byte[] newer = good.clone();
        newer[8] = 3;
        refused(checked(newer), "it has version 3 of the format, this library reads up to version 2");
        newer[8] = 0;
        refused(checked(newer), "it claims version 0");
    }

    @Test
    void aBitThatFlippedIsFound() throws IOException {
        for (int i = 12; i < good.length; i += 7) {
            byte[] flipped = good.clone();
            flipped[i] ^= 1 << (i % 8);
            refused(flipped, "its checksum is wrong");
        }
    }

    @Test
    void everyPrefixIsRefused() throws IOException {
        for (int length = 0; length < good.length; length += 3) {
            byte[] cut = Arrays.copyOf(good, length);
            write(length >= 16 ? checked(cut) : cut);
            Refused.with(FunctionFileException.class, () -> Export.importFunction(file()), file().toString());
        }
    }

    @Test
    void aLieAboutANumberAllocatesNothing() throws IOException {
        // After the version: the number of entries of metadata.
        byte[] lie = good.clone();
        Arrays.fill(lie, 12, 15, (byte) 0xff);
        lie[15] = 0x7f;
        refused(checked(lie), "it claims 2147483647 entries of metadata");
    }

    @Test
    void anUnknownInstructionIsNamed() throws IOException {
        refused(
                checked(replaced("MatMul", "MatMux")),
                "it has an instruction 'MatMux', which this version does not know");
        refused(checked(replaced("axes", "axis")), "has an attribute 'axis', where this version has 'axes'");
        refused(checked(replaced("float32", "float31")), "it has a dtype 'float31'");
    }

    private byte[] replaced(String from, String to) {
        String text = new String(good, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from));
        return text.replaceFirst(from, to).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void mutatedFilesAreRefusedOrRun() throws IOException {
        mutate(500);
    }

    @Test
    void mutatedFilesForAllSizesAreRefusedOrRun() throws IOException {
        export(ExportOptions.SHAPELESS);
        mutate(2_000);
    }

    @Test
    @Tag("slow")
    void manyMutatedFilesForAllSizesAreRefusedOrRun() throws IOException {
        export(ExportOptions.SHAPELESS);
        mutate(50_000);
    }

    @Test
    void everyPrefixOfAFileForAllSizesIsRefused() throws IOException {
        export(ExportOptions.SHAPELESS);
        everyPrefixIsRefused();
    }

    @Test
    @Tag("slow")
    void manyMutatedFilesAreRefusedOrRun() throws IOException {
        mutate(50_000);
    }

    /// What a mutation made, if it is read at all, computes something or fails as an operation may.
    private void mutate(int tries) throws IOException {
        Random random = new Random(5);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < tries; i++) {
            byte[] bytes = good.clone();
            int changes = 1 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                int at = 12 + random.nextInt(bytes.length - 16);
                bytes[at] = switch (random.nextInt(4)) {
                    case 0 -> (byte) random.nextInt(256);
                    case 1 -> (byte) (bytes[at] + 1);
                    case 2 -> (byte) (bytes[at] - 1);
                    default -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                };
            }
            write(checked(bytes));
            try {
                ImportedFunction function = Export.importFunction(file());
                read++;
                run(function);
            } catch (FunctionFileException e) {
                refused++;
            }
        }
        // Most bytes of so small a file say what depends on what; some are numbers, of which others do as well.
        assertTrue(read > tries / 200 && refused > tries / 4, read + " read, " + refused + " refused");
    }

    private static void run(ImportedFunction function) {
        try {
            for (Array result :
                    function.apply(List.of(Ops.arange(6).astype(DType.FLOAT32).reshape(2, 3)))) {
                if (small(result.shape())) {
                    result.eval();
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | UnsupportedOperationException e) {
            // Another signature, an index that is none, or an operation that is not defined on a dtype.
            assertTrue(e.getMessage() != null);
        }
    }

    private static boolean small(Shape shape) {
        return shape.size() < 1 << 20;
    }
}

package org.lazuli.conformance.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lazuli.Ops.array;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.io.Npy;
import org.lazuli.io.TensorFileException;

class NpyTest {
    @TempDir
    Path directory;

    private Path write(String header, int version, byte... data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        file.write(text.length & 0xFF);
        file.write(text.length >> 8);
        if (version > 1) {
            file.write(new byte[2]);
        }
        file.write(text);
        file.write(data);
        return Files.write(directory.resolve("test.npy"), file.toByteArray());
    }

    @Test
    void theHeaderIsNumPys() throws IOException {
        Path file = directory.resolve("test.npy");
        Npy.save(file, array(new float[][] {{1, 2, 3}}));
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(128 + 12, bytes.length);
        String header = new String(bytes, 10, 118, StandardCharsets.ISO_8859_1);
        assertTrue(header.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }  "), header);
        assertTrue(header.endsWith(" \n"));
        Npy.save(file, array(new boolean[] {true}));
        assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1)
                .contains("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }"));
        Npy.save(file, array(2.5));
        assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains("'shape': (), }"));
    }

    @Test
    void readsEveryVersionAndOrder() throws IOException {
        String header = "{\"shape\": (2L - 0,), }";
        assertThrows(TensorFileException.class, () -> Npy.load(write(header, 1)));
        for (int version = 1; version <= 3; version++) {
            Array x = Npy.load(write("{'shape':(2,2,),\"fortran_order\" : True,'descr':'>i2'}\n", version, new byte[] {
                0, 1, 0, 2, 0, 3, 1, 0
            }));
            assertEquals(DType.INT16, x.dtype());
            assertArrayEquals(new int[] {1, 3, 2, 256}, x.toIntArray());
        }
        Array one = Npy.load(write("{'descr':'|u1','fortran_order':False,'shape':()}", 1, (byte) 200));
        assertEquals(Shape.SCALAR, one.shape());
        assertEquals(200, one.item());
    }

    @Test
    void aByteThatIsNot0IsTrue() throws IOException {
        Array x = Npy.load(write("{'descr':'|b1','fortran_order':False,'shape':(3,)}", 1, new byte[] {0, 1, 7}));
        assertArrayEquals(new boolean[] {false, true, true}, x.toBooleanArray());
        assertEquals(2, x.sum().item());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'descr':'<f4','fortran_order':False,'shape':(2,)} | 4 bytes of data where float32",
                "{'descr':'<f4','fortran_order':False,'shape':(0,)} | 4 bytes of data where float32",
                "{'descr':'<f4','fortran_order':False,'shape':(65536,65536)} | at most 2147483647",
                "{'descr':'<f4','fortran_order':False,'shape':(-1,)} | not npy's",
                "{'descr':'<f4','fortran_order':False,'shape':(99999999999,)} | not npy's",
                "{'descr':'<f4','fortran_order':False,'shape':(1} | not npy's",
                "{'descr':'<f4','fortran_order':0,'shape':(1,)} | not npy's",
                "{'descr':'<f4','fortran_order':False} | not npy's",
                "{'descr':'<f4','descr':'<f4','fortran_order':False,'shape':(1,)} | not npy's",
                "{'descr':'<f4','fortran_order':False,'shape':(1,),'more':1} | not npy's",
                "{'descr':'<f4','fortran_order':False,'shape':(1,)} more | not npy's",
                "{'descr':'O','fortran_order':False,'shape':(1,)} | dtype 'O' is not supported",
                "{'descr':'<c16','fortran_order':False,'shape':(1,)} | dtype '<c16' is not supported",
                "{'descr':[('a','<f4')],'fortran_order':False,'shape':(1,)} | not npy's",
            })
    void aHeaderThatLiesIsRefused(String header, String problem) throws IOException {
        Path file = write(header, 1, new byte[4]);
        TensorFileException e = assertThrows(TensorFileException.class, () -> Npy.load(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(file + ": ") && message.contains(problem), message);
    }
}

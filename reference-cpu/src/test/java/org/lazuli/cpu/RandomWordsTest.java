package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.Threefry;

/// Bits recorded from MLX.
class RandomWordsTest {
    private static final double MAX = 4294967295.0;

    private final Workbench bench = new Workbench();

    @AfterEach
    void close() {
        bench.close();
    }

    private Tensor bits(Tensor keys, int width, int... shape) {
        DType dtype = width == 4 ? DType.UINT32 : width == 2 ? DType.UINT16 : DType.UINT8;
        Shape batch = keys.shape().remove(-1);
        return bench.run(new Primitive.RandomBits(Shape.of(shape), width), dtype, batch.concat(Shape.of(shape)), keys);
    }

    private Tensor key(long first, long second) {
        return bench.longs(DType.UINT32, Shape.of(2), first, second);
    }

    /// Splitting a key is asking for the words of the new keys.
    @Test
    void wordsAreThoseOfSplit() {
        assertArrayEquals(
                new long[] {4146024105L, 967050713L, 2718843009L, 1272950319L}, bench.bits(bits(key(0, 0), 4, 2, 2)));
        assertArrayEquals(
                new long[] {2467461003L, 428148500L, 3186719485L, 3840466878L, 2562233961L, 1946702221L},
                bench.bits(bits(key(0, 0), 4, 3, 2)));
    }

    /// So many that loops over blocks and several threads compute them, and a rest that fills none.
    @Test
    void manyWordsAreThoseOfSingleBlocks() {
        for (int n : new int[] {1, 2, 3, 127, 130, 2 * 1024 + 1, 5003, 150_002, 150_003}) {
            long[] words = bench.bits(bits(key(12345, 4_000_000_000L), 4, n));
            int half = n / 2;
            int odd = n % 2;
            for (int i = 0; i < half + odd; i++) {
                int partner = i + half + odd;
                long pair = Threefry.block(12345, (int) 4_000_000_000L, i, partner < n ? partner : 0);
                assertEquals(pair >>> 32, words[i], "word " + i + " of " + n);
                if (partner < n) {
                    assertEquals(pair & 0xFFFFFFFFL, words[partner], "word " + partner + " of " + n);
                }
            }
        }
    }

    /// An odd number of words pairs the counters differently.
    @Test
    void uniformOfFourAndOfFive() {
        assertUniform(
                bits(key(0, 0), 4, 4), 0.9653214812278748, 0.22515903413295746, 0.6330299973487854, 0.2963818311691284);
        assertUniform(
                bits(key(0, 0), 4, 5),
                0.574500560760498,
                0.09968609362840652,
                0.39316028356552124,
                0.8941783905029297,
                0.5965665578842163);
        // MLX draws 32 bits for a float16 too, and rounds: half an ulp.
        double[] three = bench.values(bits(key(0, 0), 4, 3));
        assertEquals(0.96533203125, three[0] / MAX, 0x1p-12);
        assertEquals(0.314697265625, three[1] / MAX, 0x1p-13);
        assertEquals(0.6328125, three[2] / MAX, 0x1p-12);
    }

    private void assertUniform(Tensor bits, double... expected) {
        double[] values = bench.values(bits);
        for (int i = 0; i < expected.length; i++) {
            assertEquals((float) expected[i], (float) values[i] / (float) MAX);
        }
    }

    /// Narrow types take the bytes of the words in order; eleven bytes and five halves are three words, of which a part
    /// is cut off.
    @Test
    void partsOfWords() {
        long[] halves = bench.bits(bits(key(1, 2), 2, 5));
        long[] words = bench.bits(bits(key(1, 2), 4, 3));
        long[] bytes = bench.bits(bits(key(1, 2), 1, 11));
        for (int i = 0; i < bytes.length; i++) {
            assertEquals((words[i / 4] >>> (8 * (i % 4))) & 0xFF, bytes[i]);
        }
        for (int i = 0; i < halves.length; i++) {
            assertEquals((words[i / 2] >>> (16 * (i % 2))) & 0xFFFF, halves[i]);
        }
    }

    @Test
    void severalKeysGiveWhatEachGives() {
        Tensor keys = bench.longs(DType.UINT32, Shape.of(2, 2), 7, 8, 4294967295L, 0);
        long[] both = bench.bits(bits(keys, 4, 5));
        long[] first = bench.bits(bits(key(7, 8), 4, 5));
        long[] second = bench.bits(bits(key(4294967295L, 0), 4, 5));
        for (int i = 0; i < 5; i++) {
            assertEquals(first[i], both[i]);
            assertEquals(second[i], both[5 + i]);
        }
    }
}

package org.lazuli.metal.kernels;

import java.util.List;
import org.lazuli.DType;
import org.lazuli.Shape;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Tensor;
import org.lazuli.spi.TensorSpec;

/// Random bits by [org.lazuli.spi.Threefry], laid out as the reference backend has them: the words of a key are the first outputs for the counters
/// (i, number of the partner), then the second ones; an odd word in the middle is the first output for (its number, 0).
///
/// One thread makes one pair of words. Where elements are narrower than a word, and a key's words do not end with its elements, words go to scratch
/// memory first.
final class RandomFamily implements KernelFamily {
    @Override
    public boolean supports(Kernel kernel, List<TensorSpec> inputs) {
        return kernel instanceof Primitive.RandomBits && inputs.getFirst().dtype() == DType.UINT32;
    }

    @Override
    public void encode(Kernel kernel, List<Tensor> inputs, List<Tensor> outputs, Commands commands) {
        Tensor keys = inputs.getFirst();
        Tensor output = outputs.getFirst();
        int count = keys.shape().size() / 2;
        if (count == 0 || output.shape().size() == 0) {
            return;
        }
        int width = output.dtype().bytes();
        int each = output.shape().size() / count;
        int words = (int) (((long) each * width + 3) / 4);
        Tensor rows = contiguous(keys, commands);
        boolean direct = (long) each * width == 4L * words;
        Tensor target = direct ? output : commands.temporary(DType.UINT32, count * words);
        Dispatch dispatch = commands.kernel("random_words", RandomFamily::source)
                .read(rows)
                .write(target)
                .ints(words);
        Grid.over(new int[] {count, (words + 1) / 2}, dispatch.maxThreads()).run(dispatch);
        if (!direct) {
            trim(target, output, count, each, words * 4 / width, commands);
        }
    }

    /// Leaves out what is over at the end of each key's words.
    private static void trim(Tensor words, Tensor output, int count, int each, int stored, Commands commands) {
        TensorSpec spec = new TensorSpec(output.dtype(), Shape.of(count, each));
        Tensor rows = new Tensor(words.buffer(), spec, org.lazuli.spi.Ints.of(stored, 1), 0);
        CopyFamily.copy(rows, Tensor.contiguous(output.buffer(), spec), commands);
    }

    private static Tensor contiguous(Tensor keys, Commands commands) {
        if (keys.isContiguous()) {
            return keys;
        }
        Tensor copy = commands.temporary(DType.UINT32, keys.shape().size());
        CopyFamily.copy(keys, copy, commands);
        return copy;
    }

    private static String source() {
        StringBuilder rounds = new StringBuilder();
        int[][] rotations = {{13, 15, 26, 6}, {17, 29, 16, 24}};
        String[] keys = {"key0", "key1", "key2"};
        for (int group = 0; group < 5; group++) {
            for (int rotation : rotations[group % 2]) {
                rounds.append("    x += y;\n    y = ((y << %d) | (y >> %d)) ^ x;\n".formatted(rotation, 32 - rotation));
            }
            rounds.append("    x += %s;\n    y += %s + %du;\n"
                    .formatted(keys[(group + 1) % 3], keys[(group + 2) % 3], group + 1));
        }
        return Msl.PRELUDE + """

                static inline uint2 threefry(uint key0, uint key1, uint counter0, uint counter1) {
                    uint key2 = 0x1BD11BDAu ^ key0 ^ key1;
                    uint x = counter0 + key0;
                    uint y = counter1 + key1;
                ROUNDS    return uint2(x, y);
                }

                kernel void random_words(
                        device const uint* keys [[buffer(0)]],
                        device uint* out [[buffer(1)]],
                        constant uint* layout [[buffer(2)]],
                        uint3 at [[thread_position_in_grid]]) {
                    uint words = layout[0];
                    uint halved = words / 2;
                    uint odd = words & 1u;
                    uint row = at.y;
                    uint i = at.x;
                    uint key0 = keys[2 * row];
                    uint key1 = keys[2 * row + 1];
                    device uint* target = out + ulong(row) * ulong(words);
                    if (i < halved) {
                        uint partner = i + halved + odd;
                        uint2 pair = threefry(key0, key1, i, partner);
                        target[i] = pair.x;
                        target[partner] = pair.y;
                    } else {
                        target[halved] = threefry(key0, key1, halved, 0u).x;
                    }
                }
                """.replace("ROUNDS", rounds);
    }
}

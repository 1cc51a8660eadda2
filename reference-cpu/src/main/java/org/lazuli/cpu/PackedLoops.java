package org.lazuli.cpu;

/// The innermost loops of products of rows with a quantized matrix, whose elements stay in their words. There are none without the Vector API, where
/// [QuantizedProduct] unpacks a row instead.
abstract class PackedLoops {
    /// How many of so many words [#products] can take.
    abstract int wholeWords(int words);

    /// What [#products] has numbers multiplied by that meet the elements at a place of each word: it leaves all elements but the last where they are
    /// in the word, where they count for a power of two more.
    static float placeFactor(int place, int bits) {
        return (place + 1) * bits == 32 ? 1 : 1f / (1 << (place * bits));
    }

    /// Stores the sums of `(scale * q + bias) * x` over the elements `q` of some rows of a matrix, from the first to a given one.
    ///
    /// @param matrix of elements of 2, 4 or 8 bits
    /// @param words how many words of each row, as [#wholeWords] says
    /// @param x for each place in a word the numbers that meet the elements there times [#placeFactor]
    /// @param groupSums the sums of the numbers that meet each group
    /// @param scales those of the rows, and as many more as a vector has lanes, which do not count
    abstract void products(
            PackedMatrix matrix,
            int row,
            int rows,
            int words,
            float[] x,
            float[] groupSums,
            float[] scales,
            float[] biases,
            float[] product,
            int at);
}

package org.lazuli.examples.digits;

import java.lang.foreign.MemorySegment;
import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Ops;
import org.lazuli.Shape;

/// Grey images of one size, and what each of them shows.
///
/// @param pixels the images, one after another and row by row: `uint8` of shape (count, height, width, 1)
/// @param labels the number of each image's class: `int32` of shape (count)
/// @param white the largest value that a pixel can have
public record LabelledImages(Array pixels, Array labels, int white) {

    /// Images from their bytes.
    ///
    /// @param pixels all images, row by row
    /// @param labels the class of each
    public static LabelledImages of(byte[] pixels, byte[] labels, int height, int width, int white) {
        Array images = Ops.array(MemorySegment.ofArray(pixels), DType.UINT8, Shape.of(labels.length, height, width, 1));
        Array classes = Ops.array(MemorySegment.ofArray(labels), DType.UINT8, Shape.of(labels.length));
        return new LabelledImages(images, classes.astype(DType.INT32), white);
    }

    public int count() {
        return labels.size();
    }

    public int height() {
        return pixels.dim(1);
    }

    public int width() {
        return pixels.dim(2);
    }

    /// The images with these numbers.
    public LabelledImages take(Array numbers) {
        return new LabelledImages(pixels.take(numbers, 0), labels.take(numbers), white);
    }

    /// The images as networks like them: `float32` between 0 and 1.
    public Array inputs() {
        return pixels.astype(DType.FLOAT32).div(white);
    }
}

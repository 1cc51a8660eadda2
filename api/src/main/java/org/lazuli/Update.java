package org.lazuli;

import org.lazuli.ops.Indexing;
import org.lazuli.ops.Scalars;
import org.lazuli.spi.Primitive.UpdateOp;

/// A part of an array to be updated: what [Array#at] returns. Each method gives a copy of the array in which the part is combined with a value, broadcast
/// to the shape of the part and converted to the array's type.
///
/// Where index arrays name a position several times, every update counts; for [#set] the last one does.
public final class Update {
    private final Array array;
    private final Index[] index;

    Update(Array array, Index... index) {
        this.array = array;
        this.index = index.clone();
    }

    /// Replaces the part.
    public Array set(Array value) {
        return Indexing.update(UpdateOp.SET, array, value, index);
    }

    /// Replaces the part.
    public Array set(Number value) {
        return set(Scalars.constant(value, array.dtype()));
    }

    /// Adds to the part.
    public Array add(Array value) {
        return Indexing.update(UpdateOp.ADD, array, value, index);
    }

    /// Adds to the part.
    public Array add(Number value) {
        return add(Scalars.constant(value, array.dtype()));
    }

    /// Subtracts from the part.
    public Array sub(Array value) {
        return Indexing.update(UpdateOp.ADD, array, value.astype(array.dtype()).neg(), index);
    }

    /// Subtracts from the part.
    public Array sub(Number value) {
        return sub(Scalars.constant(value, array.dtype()));
    }

    /// Multiplies the part.
    public Array mul(Array value) {
        return Indexing.update(UpdateOp.MULTIPLY, array, value, index);
    }

    /// Multiplies the part.
    public Array mul(Number value) {
        return mul(Scalars.constant(value, array.dtype()));
    }

    /// Takes the larger of each element and its update.
    public Array max(Array value) {
        return Indexing.update(UpdateOp.MAXIMUM, array, value, index);
    }

    /// Takes the larger of each element and its update.
    public Array max(Number value) {
        return max(Scalars.constant(value, array.dtype()));
    }

    /// Takes the smaller of each element and its update.
    public Array min(Array value) {
        return Indexing.update(UpdateOp.MINIMUM, array, value, index);
    }

    /// Takes the smaller of each element and its update.
    public Array min(Number value) {
        return min(Scalars.constant(value, array.dtype()));
    }

    /// Divides the part; one position named several times is divided by each.
    public Array div(Array value) {
        Array divisors = Indexing.update(UpdateOp.MULTIPLY, Ops.onesLike(array), value, index);
        return array.dtype().isInexact() ? array.div(divisors) : array.floorDivide(divisors);
    }

    /// Divides the part.
    public Array div(Number value) {
        return div(Scalars.constant(value, array.dtype()));
    }
}

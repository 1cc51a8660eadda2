package org.lazuli.nn.init;

import org.lazuli.Array;
import org.lazuli.DType;
import org.lazuli.Index;
import org.lazuli.Linalg;
import org.lazuli.Memory;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;

/// The initializers. All give float32, or the type that is asked for.
///
/// See also: MLX, *Initializers*.
public final class Initializers {
    private Initializers() {}

    /// The same value everywhere.
    public static Initializer constant(double value) {
        return constant(value, DType.FLOAT32);
    }

    /// The same value everywhere.
    public static Initializer constant(double value, DType dtype) {
        return like -> Ops.full(like.shape(), value, dtype);
    }

    /// Normally distributed with mean 0 and standard deviation 1.
    public static Initializer normal() {
        return normal(0, 1);
    }

    /// Normally distributed.
    public static Initializer normal(double mean, double std) {
        return normal(mean, std, DType.FLOAT32);
    }

    /// Normally distributed.
    public static Initializer normal(double mean, double std, DType dtype) {
        return like -> Memory.owning(() -> Random.normal(like.shape(), dtype, mean, std, null));
    }

    /// Evenly distributed from 0 to 1.
    public static Initializer uniform() {
        return uniform(0, 1);
    }

    /// Evenly distributed from `low` to `high`.
    public static Initializer uniform(double low, double high) {
        return uniform(low, high, DType.FLOAT32);
    }

    /// Evenly distributed from `low` to `high`.
    public static Initializer uniform(double low, double high, DType dtype) {
        return like -> Memory.owning(() -> Random.uniform(low, high, like.shape(), dtype, null));
    }

    /// The identity matrix.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape is not square.
    public static Initializer identity() {
        return identity(DType.FLOAT32);
    }

    /// The identity matrix.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape is not square.
    public static Initializer identity(DType dtype) {
        return like -> {
            if (like.ndim() != 2 || like.dim(0) != like.dim(1)) {
                throw new IllegalArgumentException(
                        "identity: the shape must be a square matrix's, not " + like.shape());
            }
            return Ops.eye(like.dim(0), like.dim(0), 0, dtype);
        };
    }

    /// Normally distributed with standard deviation `sqrt(2 / (inputs + outputs))`.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape has fewer than 2 axes.
    ///
    /// See: X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010.
    public static Initializer glorotNormal() {
        return glorotNormal(1, DType.FLOAT32);
    }

    /// Normally distributed with standard deviation `gain * sqrt(2 / (inputs + outputs))`.
    public static Initializer glorotNormal(double gain, DType dtype) {
        return like -> normal(0, gain * Math.sqrt(2.0 / fans(like)), dtype).apply(like);
    }

    /// Evenly distributed within `sqrt(6 / (inputs + outputs))` of 0.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape has fewer than 2 axes.
    public static Initializer glorotUniform() {
        return glorotUniform(1, DType.FLOAT32);
    }

    /// Evenly distributed within `gain * sqrt(6 / (inputs + outputs))` of 0.
    public static Initializer glorotUniform(double gain, DType dtype) {
        return like -> {
            double limit = gain * Math.sqrt(6.0 / fans(like));
            return uniform(-limit, limit, dtype).apply(like);
        };
    }

    private static int fans(Array like) {
        return Fan.IN.of(like) + Fan.OUT.of(like);
    }

    /// Normally distributed with standard deviation `1 / sqrt(inputs)`.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape has fewer than 2 axes.
    ///
    /// See: K. He et al., *Delving deep into rectifiers*, 2015.
    public static Initializer heNormal() {
        return heNormal(Fan.IN, 1, DType.FLOAT32);
    }

    /// Normally distributed with standard deviation `gain / sqrt(fan)`.
    public static Initializer heNormal(Fan fan, double gain, DType dtype) {
        return like -> normal(0, gain / Math.sqrt(fan.of(like)), dtype).apply(like);
    }

    /// Evenly distributed within `sqrt(3 / inputs)` of 0.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape has fewer than 2 axes.
    public static Initializer heUniform() {
        return heUniform(Fan.IN, 1, DType.FLOAT32);
    }

    /// Evenly distributed within `gain * sqrt(3 / fan)` of 0.
    public static Initializer heUniform(Fan fan, double gain, DType dtype) {
        return like -> {
            double limit = gain * Math.sqrt(3.0 / fan.of(like));
            return uniform(-limit, limit, dtype).apply(like);
        };
    }

    /// Orthonormal columns, or rows of a matrix that is wider than it is tall.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape is not a matrix's.
    ///
    /// See: A. Saxe et al., *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, 2013.
    public static Initializer orthogonal() {
        return orthogonal(1, DType.FLOAT32);
    }

    /// Orthonormal columns, or rows of a matrix that is wider than it is tall, times `gain`: Q of the QR factorisation of a normally distributed matrix,
    /// with R's diagonal made positive.
    public static Initializer orthogonal(double gain, DType dtype) {
        return like -> {
            if (like.ndim() != 2) {
                throw new IllegalArgumentException("orthogonal: the shape must be a matrix's, not " + like.shape());
            }
            return Memory.owning(() -> {
                int rows = like.dim(0);
                int columns = like.dim(1);
                int size = Math.max(rows, columns);
                Linalg.Qr qr = Linalg.qr(Random.normal(Shape.of(size, size)));
                Array turned = qr.q().mul(qr.r().diagonal().sign());
                return turned.get(Index.to(rows), Index.to(columns)).mul(gain).astype(dtype);
            });
        };
    }

    /// Normally distributed with a share of zeros in every row.
    ///
    /// The initializer throws [IllegalArgumentException] if the shape is not a matrix's.
    ///
    /// @param sparsity the share of zeros, rounded up to whole columns
    public static Initializer sparse(double sparsity, double mean, double std, DType dtype) {
        return like -> {
            if (like.ndim() != 2) {
                throw new IllegalArgumentException("sparse: the shape must be a matrix's, not " + like.shape());
            }
            int zeros = (int) Math.ceil((float) sparsity * like.dim(1));
            return Memory.owning(() -> {
                Array order = Random.uniform(like.shape()).argsort(1);
                Array values = Random.normal(like.shape(), dtype, mean, std, null);
                Array columns = order.get(Index.all(), Index.to(zeros));
                return values.putAlongAxis(columns, Ops.zeros(columns.shape(), dtype), 1);
            });
        };
    }
}

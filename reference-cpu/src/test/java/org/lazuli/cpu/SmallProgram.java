package org.lazuli.cpu;

import org.lazuli.Array;
import org.lazuli.Ops;
import org.lazuli.Random;
import org.lazuli.Shape;
import org.lazuli.Transforms;
import org.lazuli.function.Unary;

/// What [StartupTest] starts. It has no lambda, since each would be made at run time.
final class SmallProgram {
    private SmallProgram() {}

    private static final class Product implements Unary {
        @Override
        public Array apply(Array x) {
            return x.matmul(x.transpose()).sum();
        }
    }

    public static void main(String... args) {
        Random.uniform(Shape.of(64, 64)).eval();
        Array x = Ops.ones(4, 3);
        Array result = args[0].equals("product")
                ? new Product().apply(x)
                : Transforms.grad(new Product()).apply(x).sum().div(2);
        System.out.println(result.item());
    }
}

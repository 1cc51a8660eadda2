package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;

/// What a thread packed last of the operands of a product for itself: it is in its [Scratch] until it packs for another one.
final class Packed {
    /// A product that is being computed, as nothing but itself.
    static final class Product {}

    private static final ThreadLocal<Packed> OWN = ThreadLocal.withInitial(Packed::new);

    private @Nullable Product panelsOf;
    private int firstPanel;
    private @Nullable Product stripsOf;

    /// That of the calling thread.
    static Packed own() {
        return OWN.get();
    }

    /// Whether the last panels began with this one; from now on they do.
    boolean hasPanels(Product product, int first) {
        boolean has = panelsOf == product && firstPanel == first;
        panelsOf = product;
        firstPanel = first;
        return has;
    }

    /// Whether the last left operand was of this product; from now on it is.
    boolean hasStrips(Product product) {
        boolean has = stripsOf == product;
        stripsOf = product;
        return has;
    }
}

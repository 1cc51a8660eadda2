package org.lazuli.cpu;

import org.jspecify.annotations.Nullable;

/// What a thread packed last of the operands of a product for itself: it is in its [Scratch] until it packs for another one.
final class Packed {
    /// A product that is being computed, as nothing but itself.
    static final class Product {}

    private static final ThreadLocal<Packed> OWN = ThreadLocal.withInitial(Packed::new);

    private @Nullable Product product;
    private int firstPanel;
    private boolean strips;

    /// What the calling thread has packed for a product: nothing yet, if it comes to it for the first time.
    static Packed of(Product product) {
        Packed own = OWN.get();
        if (own.product != product) {
            own.product = product;
            own.firstPanel = -1;
            own.strips = false;
        }
        return own;
    }

    /// Whether the last panels began with this one; from now on they do.
    boolean hasPanels(int first) {
        boolean has = firstPanel == first;
        firstPanel = first;
        return has;
    }

    /// Whether the left operand was packed; from now on it is.
    boolean hasStrips() {
        boolean has = strips;
        strips = true;
        return has;
    }
}

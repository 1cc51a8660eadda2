package org.lazuli.metal.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lazuli.metal.ffi.ObjC;

/// Sends messages: one method for each shape of call. A selector goes through the method of its own shape, or an assertion fails.
///
/// Everything else in this package builds on these and sees no native address.
final class Send {
    /// The selectors as the runtime knows them, interned once, by ordinal. Nothing is sent before Metal is loaded.
    private static final MemorySegment[] HANDLES = new MemorySegment[Selector.values().length];

    static {
        for (Selector selector : Selector.values()) {
            HANDLES[selector.ordinal()] = ObjC.sel_registerName(Arena.global().allocateFrom(selector.selector()));
        }
    }

    private Send() {}

    private static MemorySegment checked(Selector selector, String shape) {
        assert selector.shape().equals(shape) : selector + " is sent as " + shape;
        return HANDLES[selector.ordinal()];
    }

    /// Whether the object has a method for this selector, which only newer systems may have.
    static boolean understands(MemorySegment self, Selector selector) {
        return b_p(self, Selector.RESPONDS_TO_SELECTOR, HANDLES[selector.ordinal()]);
    }

    static MemorySegment p(MemorySegment self, Selector selector) {
        return ObjC.send_p(self, checked(selector, "p"));
    }

    static void v(MemorySegment self, Selector selector) {
        ObjC.send_v(self, checked(selector, "v"));
    }

    static long u(MemorySegment self, Selector selector) {
        return ObjC.send_u(self, checked(selector, "u"));
    }

    static MemorySegment p_p(MemorySegment self, Selector selector, MemorySegment a) {
        return ObjC.send_p_p(self, checked(selector, "p_p"), a);
    }

    static MemorySegment p_u(MemorySegment self, Selector selector, long a) {
        return ObjC.send_p_u(self, checked(selector, "p_u"), a);
    }

    static MemorySegment p_uu(MemorySegment self, Selector selector, long a, long b) {
        return ObjC.send_p_uu(self, checked(selector, "p_uu"), a, b);
    }

    static MemorySegment p_pp(MemorySegment self, Selector selector, MemorySegment a, MemorySegment b) {
        return ObjC.send_p_pp(self, checked(selector, "p_pp"), a, b);
    }

    static MemorySegment p_ppp(
            MemorySegment self, Selector selector, MemorySegment a, MemorySegment b, MemorySegment c) {
        return ObjC.send_p_ppp(self, checked(selector, "p_ppp"), a, b, c);
    }

    static boolean b_p(MemorySegment self, Selector selector, MemorySegment a) {
        return ObjC.send_b_p(self, checked(selector, "b_p"), a);
    }

    static boolean b_u(MemorySegment self, Selector selector, long a) {
        return ObjC.send_b_u(self, checked(selector, "b_u"), a);
    }

    static boolean b_uu(MemorySegment self, Selector selector, long a, long b) {
        return ObjC.send_b_uu(self, checked(selector, "b_uu"), a, b);
    }

    static void v_p(MemorySegment self, Selector selector, MemorySegment a) {
        ObjC.send_v_p(self, checked(selector, "v_p"), a);
    }

    static void v_u(MemorySegment self, Selector selector, long a) {
        ObjC.send_v_u(self, checked(selector, "v_u"), a);
    }

    static void v_b(MemorySegment self, Selector selector, boolean a) {
        ObjC.send_v_b(self, checked(selector, "v_b"), a);
    }

    static void v_pu(MemorySegment self, Selector selector, MemorySegment a, long b) {
        ObjC.send_v_pu(self, checked(selector, "v_pu"), a, b);
    }

    static void v_uu(MemorySegment self, Selector selector, long a, long b) {
        ObjC.send_v_uu(self, checked(selector, "v_uu"), a, b);
    }

    static void v_puu(MemorySegment self, Selector selector, MemorySegment a, long b, long c) {
        ObjC.send_v_puu(self, checked(selector, "v_puu"), a, b, c);
    }

    static void v_zz(MemorySegment self, Selector selector, MemorySegment a, MemorySegment b) {
        ObjC.send_v_zz(self, checked(selector, "v_zz"), a, b);
    }
}

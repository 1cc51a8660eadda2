package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The tests run twice: with the Vector API and without. This one says that they do.
class VectorModuleTest {
    @Test
    void vectorApiIsPresentUnlessThisRunIsTheOneWithout() {
        boolean expected = !"off".equals(System.getProperty("lazuli.test.vector"));
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertEquals(expected, present);
    }
}

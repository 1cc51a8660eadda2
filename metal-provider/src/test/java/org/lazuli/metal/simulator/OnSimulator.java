package org.lazuli.metal.simulator;

import org.junit.jupiter.api.BeforeAll;
import org.lazuli.metal.Simulator;

/// Tests of the simulated device, which do not run, loudly, where there is none.
interface OnSimulator {
    @BeforeAll
    static void requireSimulator() {
        Simulator.require();
    }
}

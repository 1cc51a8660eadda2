package org.lazuli.conformance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.lazuli.io.Npy;

class NpyFuzzTest {
    @FuzzTest(maxDuration = "25s")
    void load(byte[] bytes) throws IOException {
        Reading.check(bytes, ".npy", file -> Npy.load(file));
    }
}

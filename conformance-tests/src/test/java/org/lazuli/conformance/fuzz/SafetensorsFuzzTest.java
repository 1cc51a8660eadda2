package org.lazuli.conformance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.lazuli.io.Safetensors;

class SafetensorsFuzzTest {
    @FuzzTest(maxDuration = "25s")
    void load(byte[] bytes) throws IOException {
        Reading.check(bytes, ".safetensors", file -> Safetensors.load(file).arrays());
    }
}

package org.lazuli.conformance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.lazuli.io.Gguf;

class GgufFuzzTest {
    @FuzzTest(maxDuration = "25s")
    void load(byte[] bytes) throws IOException {
        Reading.check(bytes, ".gguf", file -> Gguf.load(file).arrays());
    }
}

package org.lazuli.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ElementWorkTest {
    @Property(tries = 200)
    void eachElementIsComputedOnce(@ForAll @IntRange(max = 20) int count, @ForAll long seed) {
        Random random = new Random(seed);
        List<ElementWork> works = new ArrayList<>();
        List<AtomicIntegerArray> computed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int size = 1 + random.nextInt(random.nextBoolean() ? 10 : 1000);
            int grain = 1 + random.nextInt(500);
            AtomicIntegerArray times = new AtomicIntegerArray(size);
            computed.add(times);
            works.add(new ElementWork(size, grain, (from, to) -> {
                assertTrue(to - from <= grain, "a part is no longer than the grain");
                for (int element = from; element < to; element++) {
                    times.incrementAndGet(element);
                }
            }));
        }
        ElementWork.run(works);
        for (AtomicIntegerArray times : computed) {
            for (int element = 0; element < times.length(); element++) {
                assertEquals(1, times.get(element));
            }
        }
        works.forEach(ElementWork::run);
        for (AtomicIntegerArray times : computed) {
            for (int element = 0; element < times.length(); element++) {
                assertEquals(2, times.get(element));
            }
        }
    }
}

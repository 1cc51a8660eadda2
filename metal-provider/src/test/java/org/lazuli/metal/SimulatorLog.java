package org.lazuli.metal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What the software Metal device tells of itself.
public final class SimulatorLog {
    private static final MethodHandle LIVE = handle(
            "metalsim_live_objects",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle COUNT =
            handle("metalsim_log_count", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    private static final MethodHandle LINE =
            handle("metalsim_log_line", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLEAR = handle("metalsim_log_clear", FunctionDescriptor.ofVoid());

    private static final MethodHandle COUNTER =
            handle("metalsim_counter", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));

    private static final MethodHandle SET = handle(
            "metalsim_set", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

    private SimulatorLog() {}

    /// Sets an option of the device.
    public static void set(String option, String value) {
        try (Arena arena = Arena.ofConfined()) {
            int set = (int) SET.invokeExact(arena.allocateFrom(option), arena.allocateFrom(value));
            if (set != 0) {
                throw new IllegalArgumentException("the device has no " + option + " " + value);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// How often the device has done this so far.
    public static long counter(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) COUNTER.invokeExact(arena.allocateFrom(name));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(SymbolLookup.loaderLookup().findOrThrow(name), descriptor);
    }

    /// The Objective-C objects that live, by class.
    public static String liveObjects() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(4096);
            long _ = (long) LIVE.invokeExact(text, 4096L);
            return text.getString(0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// The objects that live, when they are those expected or a second has passed: the device lets go of what it ran a little later.
    public static String settled(String expected) {
        String live = liveObjects();
        for (int i = 0; i < 100 && !live.equals(expected); i++) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return live;
            }
            live = liveObjects();
        }
        return live;
    }

    /// Complaints of the device about how it was used, and forgets them.
    public static String complaints() {
        try {
            StringBuilder all = new StringBuilder();
            long count = (long) COUNT.invokeExact();
            for (long i = 0; i < count; i++) {
                MemorySegment line = (MemorySegment) LINE.invokeExact(i);
                all.append(line.reinterpret(1 << 16).getString(0)).append('\n');
            }
            CLEAR.invokeExact();
            return all.toString();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

package org.lazuli.conformance.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/// Checks that something is refused, and that the error says what someone needs to know.
public final class Refused {
    private Refused() {}

    /// Checks that `action` throws exactly this type, with a message that contains every one of `parts`.
    public static void with(Class<? extends RuntimeException> type, Executable action, String... parts) {
        RuntimeException thrown = assertThrows(type, action);
        assertEquals(type, thrown.getClass(), () -> "not exactly that type: " + thrown);
        String message = String.valueOf(thrown.getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "should say '" + part + "', but says: " + message);
        }
    }
}

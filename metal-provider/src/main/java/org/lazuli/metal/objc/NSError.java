package org.lazuli.metal.objc;

import java.lang.foreign.MemorySegment;

/// An error as Metal reports it.
///
/// @param description in words
/// @param code its number in its domain
public record NSError(String description, long code) {
    /// Reads an error object; nil is an error that nothing is known of.
    static NSError of(MemorySegment error) {
        if (error.address() == 0) {
            return new NSError("Metal gives no reason", 0);
        }
        return new NSError(
                NSString.text(Send.p(error, Selector.ERROR_DESCRIPTION)), Send.u(error, Selector.ERROR_CODE));
    }

    /// The text that follows a colon in a message.
    @Override
    public String toString() {
        return description + " (code " + code + ")";
    }
}

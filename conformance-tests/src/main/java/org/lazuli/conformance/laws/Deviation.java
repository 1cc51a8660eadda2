package org.lazuli.conformance.laws;

/// A number that is not what it has to be.
///
/// @param got the number, and where it stands
/// @param reference what the reference gives
/// @param error how far apart they are
/// @param allowed how far they may be
/// @param input what was computed, of what
public record Deviation(String got, String reference, String error, String allowed, String input) {}

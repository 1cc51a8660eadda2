package org.lazuli.examples.digits;

import java.util.List;

/// What there is to learn.
///
/// @param name what the images show, in words
/// @param train the images that a network learns from
/// @param test the images that it is tested on, and does not see before
/// @param classes the names of the classes
public record Dataset(String name, LabelledImages train, LabelledImages test, List<String> classes) {}

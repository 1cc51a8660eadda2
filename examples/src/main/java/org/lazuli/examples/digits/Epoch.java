package org.lazuli.examples.digits;

/// What one pass over the training images has brought.
///
/// @param number counts from 1
/// @param trainLoss the mean loss of its steps
/// @param testLoss the loss on the test images after it
/// @param testAccuracy the share of the test images that the network then gets right
public record Epoch(int number, double trainLoss, double testLoss, double testAccuracy) {}

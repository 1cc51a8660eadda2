package org.lazuli.graph;

import org.lazuli.spi.Tensor;

/// A value in memory: a tensor and the storage it looks at, which views share.
record Stored(Storage storage, Tensor tensor) {}

package org.lazuli.conformance.parity;

final class NnOperations {
    static void addTo(OperationTable.Builder table) {}
}

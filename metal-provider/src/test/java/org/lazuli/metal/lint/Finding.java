package org.lazuli.metal.lint;

/// What is wrong with a kernel text, where, and in which respect.
record Finding(Rule rule, int line, String message) {
    @Override
    public String toString() {
        return "line " + line + ": " + message + " [" + rule + "]";
    }
}

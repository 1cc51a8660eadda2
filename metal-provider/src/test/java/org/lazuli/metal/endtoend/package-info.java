/// What a user does, from the public API down to the simulated device: training steps, what they cost the host, and what happens when the device
/// fails in the middle of one.
package org.lazuli.metal.endtoend;

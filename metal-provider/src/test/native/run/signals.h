// Signal handlers that stand before the JVM's and pass on what is not theirs.
#pragma once

#include <cstdint>

namespace metalsim {

/// A signal that the processor raised in the running thread.
struct Fault {
    const char* address;        // what was accessed; meaningless for arithmetic
    const char* stack_pointer;  // of the code that was interrupted
};

/// Asked for every SIGSEGV, SIGBUS and SIGFPE: whether it was dealt with. A handler need not return.
using FaultHandler = bool (*)(int signal_number, const Fault& fault);

/// Adds a handler, once. Where all return false, whoever was there before this library is called, as if it had no handlers.
void add_fault_handler(FaultHandler handler);

/// Gives this thread a stack for signal handlers, so that the overflow of another stack can be handled.
void use_signal_stack();

}  // namespace metalsim

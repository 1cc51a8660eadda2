// Signal handlers that stand before the JVM's and pass on what is not theirs.
#pragma once

namespace metalsim {

/// The handler is asked first for every SIGSEGV and SIGBUS; where it returns false, whoever was there before is called.
void install_segv_handler(bool (*handler)(const char* address));

/// A kernel that divides by zero raises SIGFPE here, where a GPU gives some number: the handler may end the lane.
void install_fpe_handler(void (*handler)(const char* instruction));

}  // namespace metalsim

// The validation log: what Metal's API validation would have rejected, and what check mode found.
#pragma once

#include <cstdarg>
#include <string>

namespace metalsim {

/// Adds a line to the log. Lines are read by the tests through metalsim_log_line.
void report(const char* format, ...) __attribute__((format(printf, 1, 2)));

/// printf into a string.
std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace metalsim

/// Functions that users of the library call: the Objective-C runtime, Metal's C functions, the metalsim_* controls
/// and what compiled kernels need. Everything else is hidden.
#define EXPORT extern "C" __attribute__((visibility("default")))

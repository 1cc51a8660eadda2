#include "control/log.h"

#include <cstdint>
#include <cstdio>
#include <deque>
#include <mutex>

#include "control/options.h"

namespace metalsim {
namespace {

// More lines than this say nothing new: a wrong kernel run a million times would fill the memory.
constexpr size_t kMostLines = 1000;

std::mutex lock;
std::deque<std::string> lines;  // a deque: metalsim_log_line hands out pointers into it

std::string format_arguments(const char* format, va_list arguments) {
    char buffer[4096];
    vsnprintf(buffer, sizeof buffer, format, arguments);
    return buffer;
}

}  // namespace

void report(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::string line = format_arguments(format, arguments);
    va_end(arguments);
    if (options().trace) {
        fprintf(stderr, "[metalsim] %s\n", line.c_str());
    }
    std::lock_guard guard(lock);
    if (lines.size() < kMostLines) {
        lines.push_back(std::move(line));
    }
}

std::string text(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::string result = format_arguments(format, arguments);
    va_end(arguments);
    return result;
}

EXPORT uint64_t metalsim_log_count() {
    std::lock_guard guard(lock);
    return lines.size();
}

/// The line at `index`, valid until the log is cleared, or null.
EXPORT const char* metalsim_log_line(uint64_t index) {
    std::lock_guard guard(lock);
    return index < lines.size() ? lines[index].c_str() : nullptr;
}

EXPORT void metalsim_log_clear() {
    std::lock_guard guard(lock);
    lines.clear();
}

}  // namespace metalsim

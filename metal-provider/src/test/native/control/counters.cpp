#include "control/counters.h"

#include <atomic>
#include <cstring>

#include "control/log.h"

namespace metalsim {
namespace {

constexpr const char* kNames[] = {"messages", "commandBuffers", "encoders", "dispatches", "threadgroups",
                                  "threads",  "barriers",       "fences",   "events",     "compiles",
                                  "cacheHits", "pipelines",     "buffers",  "bytes",      "blits"};
static_assert(sizeof kNames / sizeof *kNames == size_t(Counter::kCount));

std::atomic<uint64_t> values[size_t(Counter::kCount)];

}  // namespace

void count(Counter counter, uint64_t amount) {
    values[size_t(counter)].fetch_add(amount, std::memory_order_relaxed);
}

/// The counter of that name since the last reset; all ones for an unknown name.
EXPORT uint64_t metalsim_counter(const char* name) {
    for (size_t i = 0; i < size_t(Counter::kCount); i++) {
        if (strcmp(name, kNames[i]) == 0) {
            return values[i];
        }
    }
    return ~uint64_t(0);
}

EXPORT void metalsim_reset_counters() {
    for (auto& value : values) {
        value = 0;
    }
}

}  // namespace metalsim

// MTLSharedEvent and MTLFence.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "objc/foundation.h"

namespace metalsim {

/// A counter that only grows. Command buffers hold its state, which outlives the object where nothing retains it.
struct EventState {
    struct Listener {
        UInteger value;
        Block* block;
    };

    std::mutex lock;
    std::condition_variable changed;
    UInteger value = 0;
    uint32_t dispatched_before = 0;  // check mode: dispatches that had run when the GPU signalled
    std::vector<Listener> listeners;
};

struct Event : Object {
    static constexpr const char* kClass = "MTLSharedEvent";
    std::shared_ptr<EventState> state = std::make_shared<EventState>();
};

/// Sets the value, wakes who waits for it, and calls the listeners whose value is reached.
void signal_event(Event* event, EventState& state, UInteger value);

/// Orders encoders of a queue that use hazard-untracked resources.
struct Fence : Object {
    static constexpr const char* kClass = "MTLFence";
    std::shared_ptr<std::atomic<uint32_t>> updated = std::make_shared<std::atomic<uint32_t>>(0);  // the dispatches before it are done
};

}  // namespace metalsim

#include "metal/event.h"

#include <chrono>

#include "metal/player.h"

namespace metalsim {
namespace {

struct EventListener : Object {
    static constexpr const char* kClass = "MTLSharedEventListener";
};

void notify(Event* event, EventListener*, UInteger value, Block* block) {
    check_block(block, "notifyListener:atValue:block:");
    {
        std::lock_guard guard(event->state->lock);
        if (event->state->value < value) {
            event->state->listeners.push_back({value, block});
            return;
        }
    }
    reinterpret_cast<void (*)(Block*, Event*, UInteger)>(block->invoke)(block, event, value);
}

}  // namespace

void signal_event(Event* event, EventState& state, UInteger value) {
    std::vector<EventState::Listener> due;
    {
        std::lock_guard guard(state.lock);
        if (value < state.value) {
            report("a shared event of value %lu is set back to %lu", state.value, value);
        }
        state.value = value;
        for (size_t i = 0; i < state.listeners.size();) {
            if (state.listeners[i].value <= value) {
                due.push_back(state.listeners[i]);
                state.listeners.erase(state.listeners.begin() + long(i));
            } else {
                i++;
            }
        }
    }
    state.changed.notify_all();
    for (auto& listener : due) {
        reinterpret_cast<void (*)(Block*, Event*, UInteger)>(listener.block->invoke)(listener.block, event, value);
    }
}

void register_events() {
    for (const char* name : {Event::kClass, Fence::kClass, EventListener::kClass}) {
        class_named(name, "MTLObject");
    }
    const char* device = "MTLDevice";
    instance_method(device, "newSharedEvent", [](Object*, Selector) -> Object* { return make<Event>(); });
    instance_method(device, "newEvent", [](Object*, Selector) -> Object* { return make<Event>(); });
    instance_method(device, "newFence", [](Object*, Selector) -> Object* { return make<Fence>(); });
    class_method(EventListener::kClass, "new", [](Object*, Selector) -> Object* { return make<EventListener>(); });
    class_method(EventListener::kClass, "alloc", [](Object*, Selector) -> Object* { return make<EventListener>(); });
    const char* c = Event::kClass;
    instance_method(c, "signaledValue", [](Event* self, Selector) -> UInteger {
        std::lock_guard guard(self->state->lock);
        note_host_saw(self->state->dispatched_before);
        return self->state->value;
    });
    instance_method(c, "setSignaledValue:", [](Event* self, Selector, UInteger value) {
        auto state = self->state;
        signal_event(self, *state, value);
    });
    instance_method(c, "waitUntilSignaledValue:timeoutMS:", [](Event* self, Selector, UInteger value, UInteger milliseconds) -> bool {
        auto state = self->state;
        std::unique_lock guard(state->lock);
        auto reached = [&] { return state->value >= value; };
        if (milliseconds > 1000ul * 60 * 60 * 24) {  // "for ever", which the clock's arithmetic does not take
            state->changed.wait(guard, reached);
        } else if (!state->changed.wait_for(guard, std::chrono::milliseconds(milliseconds), reached)) {
            return false;
        }
        note_host_saw(state->dispatched_before);
        return true;
    });
    instance_method(c, "notifyListener:atValue:block:", [](Event* self, Selector, EventListener* listener, UInteger value, Block* block) {
        notify(self, listener, value, block);
    });
}

}  // namespace metalsim

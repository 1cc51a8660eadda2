#include "metal/player.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

#include "control/options.h"
#include "run/checks.h"

namespace metalsim {
namespace {

std::mutex in_flight_lock;
std::unordered_set<CommandBuffer*> in_flight;
std::atomic<uint32_t> host_saw{0};

class Player {
   public:
    explicit Player(CommandBuffer& b) : buffer_(b), checking_(options().check) {
        take_turn();
        ordering_.fence_from = b.ordered_from;
        b.first_dispatch = next_dispatch_number();
    }

    Failure run() {
        auto& operations = buffer_.operations;
        for (size_t i = 0; i < operations.size() && failure_.code == 0;) {
            if (auto* kernel = std::get_if<RunKernel>(&operations[i]); kernel != nullptr && kernel->concurrent) {
                size_t end = i;
                while (end < operations.size() && std::holds_alternative<RunKernel>(operations[end])) {
                    end++;
                }
                run_unordered(i, end);
                i = end;
            } else {
                std::visit([this](auto& operation) { play(operation); }, operations[i]);
                i++;
            }
        }
        return failure_;
    }

   private:
    void take_turn() {
        if (checking_) {
            turn_.emplace(check_mode_turn());
            current_ordering() = ordering_;
        }
    }

    // Dispatches with no barrier between them may run in any order, and do.
    void run_unordered(size_t begin, size_t end) {
        static std::atomic<uint64_t> stretches{0};
        std::vector<size_t> order;
        for (size_t i = begin; i < end; i++) {
            order.push_back(i);
        }
        if (options().order == Order::kReversed) {
            std::reverse(order.begin(), order.end());
        } else if (options().order == Order::kShuffled) {
            uint64_t salt = stretches++ << 20;
            for (size_t i = order.size(); i > 1; i--) {
                std::swap(order[i - 1], order[mix(salt + i) % i]);
            }
        }
        for (size_t i : order) {
            if (failure_.code == 0) {
                play(std::get<RunKernel>(buffer_.operations[i]));
            }
        }
    }

    void play(BeginEncoder&) {
        ordering_.encoder_first = ordering_.barrier_from = next_dispatch_number();
        current_ordering_changed();
    }

    void play(RunKernel& run) {
        begin(run.concurrent);
        failure_ = execute(run.dispatch);
    }

    void play(CopyBytes& copy) {
        begin(false);
        blit_access(*copy.from, copy.from_offset, copy.size, false);
        blit_access(*copy.to, copy.to_offset, copy.size, true);
        memmove(copy.to->device + copy.to_offset, copy.from->device + copy.from_offset, copy.size);
    }

    void play(FillBytes& fill) {
        begin(false);
        blit_access(*fill.memory, fill.offset, fill.size, true);
        memset(fill.memory->device + fill.offset, fill.value, fill.size);
    }

    void play(Barrier& barrier) {
        if (barrier.memories.empty()) {
            ordering_.barrier_from = next_dispatch_number();
            current_ordering_changed();
        }
        for (auto& memory : barrier.memories) {
            if (memory->shadow != nullptr) {
                memory->shadow->barrier_from = next_dispatch_number();
            }
        }
    }

    void play(UseFence& fence) {
        if (fence.update) {
            *fence.updated = next_dispatch_number();
        } else {
            ordering_.fence_from = std::max<uint32_t>(ordering_.fence_from, *fence.updated);
            current_ordering_changed();
        }
    }

    void play(Refuse& refused) { failure_ = {kErrorInvalidResource, refused.reason}; }

    void play(UseEvent& use) {
        if (use.signal) {
            if (checking_) {
                std::lock_guard guard(use.state->lock);
                use.state->dispatched_before = next_dispatch_number();
            }
            signal_event(is_alive(use.event) ? use.event : nullptr, *use.state, use.value);
            return;
        }
        turn_.reset();  // others must run, or nobody would signal
        {
            std::unique_lock guard(use.state->lock);
            auto limit = std::chrono::seconds(options().wait_seconds);
            if (!use.state->changed.wait_for(guard, limit, [&] { return use.state->value >= use.value; })) {
                failure_ = {kErrorTimeout, text("encodeWaitForEvent: value %lu was not signalled within %lu seconds", use.value,
                        options().wait_seconds.load())};
            }
        }
        ordering_.fence_from = next_dispatch_number();
        take_turn();
    }

    void begin(bool concurrent) {
        if (checking_) {
            begin_dispatch();
            ordering_.dispatch = current_ordering().dispatch;
            if (!concurrent) {
                ordering_.barrier_from = ordering_.dispatch;
                current_ordering_changed();
            }
        }
    }

    void current_ordering_changed() {
        if (checking_) {
            current_ordering() = ordering_;
        }
    }

    void blit_access(Memory& memory, UInteger offset, UInteger size, bool writes) {
        if (checking_) {
            std::string conflict = check_blit(memory, offset, size, writes);
            if (!conflict.empty() && failure_.code == 0) {
                failure_ = {kErrorInternal, conflict};
            }
        }
    }

    CommandBuffer& buffer_;
    bool checking_;
    std::optional<std::unique_lock<std::mutex>> turn_;
    Ordering ordering_;
    Failure failure_;
};

}  // namespace

Failure run_operations(CommandBuffer& b) { return Player(b).run(); }

void note_in_flight(CommandBuffer* b) {
    std::lock_guard guard(in_flight_lock);
    uint32_t from = next_dispatch_number();
    for (CommandBuffer* other : in_flight) {
        from = std::min(from, other->first_dispatch.load());
    }
    b->ordered_from = std::max<uint32_t>(from, host_saw);
    in_flight.insert(b);
}

void forget_in_flight(CommandBuffer* b) {
    std::lock_guard guard(in_flight_lock);
    in_flight.erase(b);
}

void note_host_saw(uint32_t dispatch) {
    uint32_t before = host_saw;
    while (before < dispatch && !host_saw.compare_exchange_weak(before, dispatch)) {
    }
}

}  // namespace metalsim

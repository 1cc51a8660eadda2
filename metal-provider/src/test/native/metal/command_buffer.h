// MTLCommandQueue and MTLCommandBuffer: what was encoded, and the thread that plays the GPU.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "metal/buffer.h"
#include "metal/event.h"
#include "run/executor.h"

namespace metalsim {

// What a command buffer consists of.
struct BeginEncoder {};
struct RunKernel {
    Dispatch dispatch;
    bool concurrent;  // may run in any order with its neighbours
};
struct CopyBytes {
    std::shared_ptr<Memory> from, to;
    UInteger from_offset, to_offset, size;
};
struct FillBytes {
    std::shared_ptr<Memory> memory;
    UInteger offset, size;
    uint8_t value;
};
struct Barrier {
    std::vector<std::shared_ptr<Memory>> memories;  // empty: all
};
struct UseFence {
    std::shared_ptr<std::atomic<uint32_t>> updated;
    bool update;
};
struct Refuse {  // a call that was refused: Metal's validation ends the process, here the command buffer fails
    std::string reason;
};
struct UseEvent {
    Event* event;
    std::shared_ptr<EventState> state;
    UInteger value;
    bool signal;
};
using Operation = std::variant<BeginEncoder, RunKernel, CopyBytes, FillBytes, Barrier, UseFence, UseEvent, Refuse>;

struct CommandBuffer;

struct QueueState {
    std::mutex lock;
    std::condition_variable changed;
    std::deque<CommandBuffer*> committed;
    UInteger unfinished = 0;  // command buffers made and neither completed nor dropped
    UInteger most_unfinished = 64;
    bool stop = false;
};

struct Queue : Object {
    static constexpr const char* kClass = "MTLCommandQueue";
    std::shared_ptr<QueueState> state = std::make_shared<QueueState>();
    ~Queue() override;
};

enum class Status : UInteger { kNotEnqueued, kEnqueued, kCommitted, kScheduled, kCompleted, kError };

struct CommandBuffer : Object {
    static constexpr const char* kClass = "MTLCommandBuffer";
    Queue* queue = nullptr;
    bool retains_references = true;
    bool has_open_encoder = false;
    std::vector<Operation> operations;
    std::unordered_set<Object*> held;
    std::unordered_map<Memory*, std::shared_ptr<Memory>> memories;
    std::vector<Block*> scheduled_handlers, completed_handlers;
    uint32_t ordered_from = 0;  // dispatches before it were complete at the commit
    std::atomic<uint32_t> first_dispatch{~0u};

    std::mutex lock;
    std::condition_variable changed;
    Status status = Status::kNotEnqueued;
    bool finished = false;  // the completed handlers have run too
    Error* error = nullptr;
    double start_time = 0, end_time = 0;

    ~CommandBuffer() override;
    /// Whether commands may still be encoded; reports the method where not.
    bool is_open(const char* method);
    /// Keeps the object until completion, unless the command buffer does not retain references.
    void hold(Object* object);
    /// Notes that the buffer is used.
    void use(Buffer* buffer);
};

}  // namespace metalsim

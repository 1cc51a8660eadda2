#include "metal/command_buffer.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "control/counters.h"
#include "control/options.h"
#include "metal/player.h"

namespace metalsim {
namespace {

thread_local const QueueState* queue_of_thread = nullptr;

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void call(const std::vector<Block*>& handlers, CommandBuffer* b) {
    for (Block* block : handlers) {
        reinterpret_cast<void (*)(Block*, CommandBuffer*)>(block->invoke)(block, b);
    }
}

// Gives back what the command buffer used.
void drop_memories(CommandBuffer* b) {
    for (auto& [memory, owner] : b->memories) {
        memory->encoded--;
    }
    b->memories.clear();
}

void leave_queue(CommandBuffer* b) {
    QueueState& q = *b->queue->state;
    {
        std::lock_guard guard(q.lock);
        q.unfinished--;
    }
    q.changed.notify_all();
}

void set_status(CommandBuffer* b, Status status) {
    {
        std::lock_guard guard(b->lock);
        b->status = status;
    }
    b->changed.notify_all();
}

void complete(CommandBuffer* b, const Failure& failure) {
    b->end_time = seconds();
    for (auto& [memory, owner] : b->memories) {
        memory->leave_flight();
    }
    drop_memories(b);
    if (failure.code != 0) {
        report("command buffer failed: %s", failure.message.c_str());
        b->error = new_error("MTLCommandBufferErrorDomain", failure.code, failure.message);
    }
    forget_in_flight(b);
    set_status(b, failure.code == 0 ? Status::kCompleted : Status::kError);
    call(b->completed_handlers, b);
    for (Object* object : b->held) {
        release(object);
    }
    b->held.clear();
    b->operations.clear();
    leave_queue(b);
    {
        std::lock_guard guard(b->lock);
        b->finished = true;
    }
    b->changed.notify_all();
}

void play(CommandBuffer* b) {
    set_status(b, Status::kScheduled);
    call(b->scheduled_handlers, b);
    b->start_time = seconds();
    Failure failure;
    if (fault_due(InjectedFault::kExecute)) {
        failure = {execution_fault_code(), "Execution of the command buffer was aborted due to an error during execution (injected fault)"};
    } else {
        failure = run_operations(*b);
    }
    complete(b, failure);
}

// The thread that plays a queue: command buffers run one after another, in the order in which they were committed.
void run_queue(const std::shared_ptr<QueueState>& state) {
    queue_of_thread = state.get();
    for (;;) {
        CommandBuffer* b;
        {
            std::unique_lock guard(state->lock);
            state->changed.wait(guard, [&] { return state->stop || !state->committed.empty(); });
            if (state->committed.empty()) {
                return;
            }
            b = state->committed.front();
            state->committed.pop_front();
        }
        play(b);
        release(b);
    }
}

Queue* new_queue(UInteger most_unfinished) {
    if (most_unfinished == 0) {
        report("newCommandQueueWithMaxCommandBufferCount: the count is 0");
        return nullptr;
    }
    auto* queue = make<Queue>();
    queue->state->most_unfinished = most_unfinished;
    std::thread([state = queue->state] { run_queue(state); }).detach();
    return queue;
}

CommandBuffer* new_command_buffer(Queue* queue, bool retains_references) {
    {
        QueueState& q = *queue->state;
        std::unique_lock guard(q.lock);
        // The real method blocks for ever; a test should not.
        if (!q.changed.wait_for(guard, std::chrono::seconds(options().wait_seconds), [&] { return q.unfinished < q.most_unfinished; })) {
            report("commandBuffer: blocked because %lu command buffers of the queue are neither complete nor released", q.unfinished);
        }
        q.unfinished++;
    }
    auto* b = make<CommandBuffer>();
    b->queue = retained(queue);
    b->retains_references = retains_references;
    return autoreleased(b);
}

void commit(CommandBuffer* b) {
    if (b->has_open_encoder) {
        report("commit with a command encoder that has not ended");
        return;
    }
    {
        std::lock_guard guard(b->lock);
        if (b->status >= Status::kCommitted) {
            report("commit of a command buffer that was committed before");
            return;
        }
        b->status = Status::kCommitted;
    }
    count(Counter::kCommandBuffers);
    retain(b);
    note_in_flight(b);
    for (auto& [memory, owner] : b->memories) {
        memory->enter_flight();
    }
    QueueState& q = *b->queue->state;
    {
        std::lock_guard guard(q.lock);
        q.committed.push_back(b);
    }
    q.changed.notify_all();
}

void wait_until(CommandBuffer* b, const char* method, Status status, bool handlers_too) {
    std::unique_lock guard(b->lock);
    if (b->status < Status::kCommitted) {
        report("%s on a command buffer that was not committed", method);
        return;
    }
    if (queue_of_thread == b->queue->state.get()) {
        report("%s inside a handler of the same queue: it would wait for itself", method);
        return;
    }
    b->changed.wait(guard, [&] { return b->status >= status && (!handlers_too || b->finished); });
}

void encode_event(CommandBuffer* b, Event* event, UInteger value, bool signal) {
    const char* method = signal ? "encodeSignalEvent:value:" : "encodeWaitForEvent:value:";
    if (!b->is_open(method)) {
        return;
    }
    if (b->has_open_encoder) {
        report("%s while a command encoder is open", method);
    }
    if (event == nullptr) {
        report("%s the event is nil", method);
        return;
    }
    count(Counter::kEvents);
    b->hold(event);
    b->operations.push_back(UseEvent{event, event->state, value, signal});
}

void add_handler(CommandBuffer* b, std::vector<Block*>& handlers, Block* block, const char* method) {
    std::lock_guard guard(b->lock);
    if (b->status >= Status::kCommitted) {
        report("%s after commit", method);
    }
    check_block(block, method);
    if (block != nullptr) {
        handlers.push_back(block);
    }
}

struct CommandBufferDescriptor : Object {
    static constexpr const char* kClass = "MTLCommandBufferDescriptor";
    bool retains_references = true;
    UInteger error_options = 0;
};

void register_descriptor() {
    const char* c = CommandBufferDescriptor::kClass;
    class_method(c, "new", [](Object*, Selector) -> Object* { return make<CommandBufferDescriptor>(); });
    class_method(c, "alloc", [](Object*, Selector) -> Object* { return make<CommandBufferDescriptor>(); });
    instance_method(c, "setRetainedReferences:", [](CommandBufferDescriptor* self, Selector, bool on) { self->retains_references = on; });
    instance_method(c, "retainedReferences", [](CommandBufferDescriptor* self, Selector) -> bool { return self->retains_references; });
    instance_method(c, "setErrorOptions:", [](CommandBufferDescriptor* self, Selector, UInteger bits) { self->error_options = bits; });
    instance_method(c, "errorOptions", [](CommandBufferDescriptor* self, Selector) -> UInteger { return self->error_options; });
    instance_method(Queue::kClass, "commandBufferWithDescriptor:", [](Queue* self, Selector, CommandBufferDescriptor* d) -> Object* {
        return new_command_buffer(self, d == nullptr || d->retains_references);
    });
}

void register_queues() {
    const char* c = Queue::kClass;
    class_named(c, "MTLObject");
    instance_method("MTLDevice", "newCommandQueue", [](Object*, Selector) -> Object* { return new_queue(64); });
    instance_method("MTLDevice", "newCommandQueueWithMaxCommandBufferCount:", [](Object*, Selector, UInteger n) -> Object* { return new_queue(n); });
    instance_method(c, "commandBuffer", [](Queue* self, Selector) -> Object* { return new_command_buffer(self, true); });
    instance_method(c, "commandBufferWithUnretainedReferences", [](Queue* self, Selector) -> Object* { return new_command_buffer(self, false); });
}

}  // namespace

Queue::~Queue() {
    {
        std::lock_guard guard(state->lock);
        state->stop = true;
    }
    state->changed.notify_all();
}

CommandBuffer::~CommandBuffer() {
    if (has_open_encoder) {
        report("a command buffer was deallocated with a command encoder that has not ended");
    }
    if (status < Status::kCommitted) {
        drop_memories(this);
        for (Object* object : held) {
            release(object);
        }
        leave_queue(this);
    }
    release(error);
    release(queue);
}

bool CommandBuffer::is_open(const char* method) {
    std::lock_guard guard(lock);
    if (status >= Status::kCommitted) {
        report("%s on a command buffer that was committed", method);
        return false;
    }
    return true;
}

void CommandBuffer::hold(Object* object) {
    if (retains_references && held.insert(object).second) {
        retain(object);
    }
}

void CommandBuffer::use(Buffer* buffer) {
    if (memories.emplace(buffer->memory.get(), buffer->memory).second) {
        buffer->memory->encoded++;
    }
    hold(buffer);
}

void register_command_buffers() {
    register_queues();
    register_descriptor();
    const char* c = CommandBuffer::kClass;
    class_named(c, "MTLObject");
    instance_method(c, "commit", [](CommandBuffer* self, Selector) { commit(self); });
    instance_method(c, "enqueue", [](CommandBuffer* self, Selector) {
        std::lock_guard guard(self->lock);
        if (self->status != Status::kNotEnqueued) {
            report("enqueue of a command buffer that was enqueued or committed before");
            return;
        }
        self->status = Status::kEnqueued;
    });
    instance_method(c, "waitUntilCompleted", [](CommandBuffer* self, Selector) { wait_until(self, "waitUntilCompleted", Status::kCompleted, true); });
    instance_method(c, "waitUntilScheduled",
        [](CommandBuffer* self, Selector) { wait_until(self, "waitUntilScheduled", Status::kScheduled, false); });
    instance_method(c, "status", [](CommandBuffer* self, Selector) -> UInteger {
        std::lock_guard guard(self->lock);
        return UInteger(self->status);
    });
    instance_method(c, "error", [](CommandBuffer* self, Selector) -> Object* {
        std::lock_guard guard(self->lock);
        return self->status == Status::kError ? self->error : nullptr;
    });
    instance_method(c, "retainedReferences", [](CommandBuffer* self, Selector) -> bool { return self->retains_references; });
    instance_method(c, "commandQueue", [](CommandBuffer* self, Selector) -> Object* { return self->queue; });
    instance_method(c, "GPUStartTime", [](CommandBuffer* self, Selector) -> double { return self->start_time; });
    instance_method(c, "GPUEndTime", [](CommandBuffer* self, Selector) -> double { return self->end_time; });
    instance_method(c, "addCompletedHandler:", [](CommandBuffer* self, Selector, Block* block) {
        add_handler(self, self->completed_handlers, block, "addCompletedHandler:");
    });
    instance_method(c, "addScheduledHandler:", [](CommandBuffer* self, Selector, Block* block) {
        add_handler(self, self->scheduled_handlers, block, "addScheduledHandler:");
    });
    instance_method(c, "encodeSignalEvent:value:",
        [](CommandBuffer* self, Selector, Event* event, UInteger value) { encode_event(self, event, value, true); });
    instance_method(c, "encodeWaitForEvent:value:",
        [](CommandBuffer* self, Selector, Event* event, UInteger value) { encode_event(self, event, value, false); });
    instance_method(c, "pushDebugGroup:", [](CommandBuffer*, Selector, Object*) {});
    instance_method(c, "popDebugGroup", [](CommandBuffer*, Selector) {});
}

}  // namespace metalsim

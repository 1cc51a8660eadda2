// MTLComputeCommandEncoder: checks each call as Metal's API validation does, and notes it.
#include "control/options.h"
#include "metal/encoder.h"
#include "metal/library.h"

namespace metalsim {
namespace {

constexpr UInteger kBufferIndices = 31, kMostBytes = 4096, kScopeBuffers = 1, kConcurrent = 1;

struct ComputeEncoder : Encoder {
    static constexpr const char* kClass = "MTLComputeCommandEncoder";
    bool concurrent = false;
    std::shared_ptr<Kernel> kernel;
    Binding bindings[kBufferIndices];
    UInteger threadgroup_lengths[kBufferIndices] = {};

    void forget_bindings() override {
        for (Binding& binding : bindings) {
            binding = {};
        }
    }
};

struct ComputePassDescriptor : Object {
    static constexpr const char* kClass = "MTLComputePassDescriptor";
    UInteger dispatch_type = 0;
};

ComputeEncoder* begin_compute(CommandBuffer* b, const char* method, UInteger dispatch_type) {
    if (dispatch_type > kConcurrent) {
        report("%s %lu is no MTLDispatchType", method, dispatch_type);
    }
    auto* encoder = begin_encoder<ComputeEncoder>(b, method);
    if (encoder != nullptr) {
        encoder->concurrent = dispatch_type == kConcurrent;
    }
    return encoder;
}

bool is_index(UInteger index, const char* method) {
    if (index >= kBufferIndices) {
        report("%s index %lu is not below %lu", method, index, kBufferIndices);
    }
    return index < kBufferIndices;
}

void set_pipeline(ComputeEncoder* e, Pipeline* pipeline) {
    if (!e->is_open("setComputePipelineState:")) {
        return;
    }
    if (pipeline == nullptr) {
        report("setComputePipelineState: the pipeline is nil");
        return;
    }
    e->kernel = pipeline->kernel;
    e->buffer->hold(pipeline);
}

void set_buffer(ComputeEncoder* e, Object* object, UInteger offset, UInteger index) {
    const char* method = "setBuffer:offset:atIndex:";
    if (!e->is_open(method) || !is_index(index, method)) {
        return;
    }
    if (object == nullptr) {
        e->bindings[index] = {};
        return;
    }
    Buffer* buffer = checked_buffer(object, method);
    if (buffer == nullptr) {
        return;
    }
    if (offset >= buffer->memory->length) {
        report("%s offset %lu is not below the length %lu (index %lu)", method, offset, buffer->memory->length, index);
        return;
    }
    e->buffer->use(buffer);
    e->bindings[index] = {buffer->memory, offset, nullptr};
}

void set_buffer_offset(ComputeEncoder* e, UInteger offset, UInteger index) {
    const char* method = "setBufferOffset:atIndex:";
    if (!e->is_open(method) || !is_index(index, method)) {
        return;
    }
    Binding& binding = e->bindings[index];
    if (binding.memory == nullptr) {
        report("%s no buffer is set at index %lu", method, index);
    } else if (offset >= binding.memory->length) {
        report("%s offset %lu is not below the length %lu (index %lu)", method, offset, binding.memory->length, index);
    } else {
        binding.offset = offset;
    }
}

void set_bytes(ComputeEncoder* e, const char* bytes, UInteger length, UInteger index) {
    const char* method = "setBytes:length:atIndex:";
    if (!e->is_open(method) || !is_index(index, method)) {
        return;
    }
    if (length == 0 || length > kMostBytes || bytes == nullptr) {
        report("%s length %lu is not in 1..%lu (index %lu)", method, length, kMostBytes, index);
        return;
    }
    e->bindings[index] = {nullptr, 0, std::make_shared<std::vector<char>>(bytes, bytes + length)};
}

void set_threadgroup_length(ComputeEncoder* e, UInteger length, UInteger index) {
    const char* method = "setThreadgroupMemoryLength:atIndex:";
    if (!e->is_open(method) || !is_index(index, method)) {
        return;
    }
    if (length % 16 != 0) {
        report("%s length %lu is no multiple of 16", method, length);
    }
    e->threadgroup_lengths[index] = length;
}

UInteger threadgroup_memory(const ComputeEncoder* e) {
    UInteger sum = e->kernel->static_threadgroup_memory;
    for (const Parameter& p : e->kernel->info().parameters) {
        sum += p.attribute == "threadgroup" ? e->threadgroup_lengths[p.index] : 0;
    }
    return sum;
}

// Why Metal would not take the dispatch, or an empty string.
std::string refusal(const ComputeEncoder* e, MTLSize groups, MTLSize size) {
    if (e->kernel == nullptr) {
        return "no compute pipeline state is set";
    }
    const char* kernel = e->kernel->info().host_name.c_str();
    __uint128_t threads = __uint128_t(size.width) * size.height * size.depth;
    if (threads == 0 || threads > e->kernel->max_threads) {
        return text("threads per threadgroup (%lu, %lu, %lu) = %lu of kernel %s are not in 1..%lu", size.width, size.height, size.depth,
                    UInteger(threads), kernel, e->kernel->max_threads);
    }
    if (groups.width == 0 || groups.height == 0 || groups.depth == 0) {
        return text("the grid of kernel %s is empty: (%lu, %lu, %lu) threadgroups", kernel, groups.width, groups.height, groups.depth);
    }
    if (threadgroup_memory(e) > options().threadgroup_memory) {
        return text("threadgroup memory of kernel %s, %lu bytes, is over the limit of %lu", kernel, threadgroup_memory(e),
                    options().threadgroup_memory.load());
    }
    return "";
}

// Reported here too, and the command buffer fails when it gets there.
void report_missing_bindings(const ComputeEncoder* e) {
    const char* kernel = e->kernel->info().host_name.c_str();
    for (const Parameter& p : e->kernel->info().parameters) {
        if (p.attribute == "buffer" && !e->bindings[p.index].is_bound()) {
            report("missing binding: buffer(%d) '%s' of kernel %s", p.index, p.name.c_str(), kernel);
        }
        if (p.attribute == "threadgroup" && e->threadgroup_lengths[p.index] == 0) {
            report("missing binding: threadgroup(%d) '%s' of kernel %s has no setThreadgroupMemoryLength:atIndex:", p.index, p.name.c_str(), kernel);
        }
    }
}

void dispatch(ComputeEncoder* e, const char* method, MTLSize groups, MTLSize size, MTLSize grid) {
    if (!e->is_open(method)) {
        return;
    }
    if (std::string reason = refusal(e, groups, size); !reason.empty()) {
        report("%s %s", method, reason.c_str());
        e->buffer->operations.push_back(Refuse{reason});
        return;
    }
    report_missing_bindings(e);
    count(Counter::kDispatches);
    e->buffer->operations.emplace_back(RunKernel{{}, e->concurrent});
    Dispatch& d = std::get<RunKernel>(e->buffer->operations.back()).dispatch;
    d.kernel = e->kernel;
    d.groups = groups;
    d.group_size = size;
    d.grid = grid;
    for (const Parameter& p : e->kernel->info().parameters) {
        if (p.attribute == "buffer") {
            d.bindings[p.index] = e->bindings[p.index];
        } else if (p.attribute == "threadgroup") {
            d.threadgroup_lengths[p.index] = e->threadgroup_lengths[p.index];
        }
    }
}

void memory_barrier(ComputeEncoder* e, const char* method, Barrier barrier) {
    if (e->is_open(method)) {
        count(Counter::kBarriers);
        e->buffer->operations.push_back(std::move(barrier));
    }
}

void use_resource(Encoder* e, Object* resource, UInteger usage) {
    Buffer* buffer = e->is_open("useResource:usage:") ? checked_buffer(resource, "useResource:usage:") : nullptr;
    if (buffer != nullptr) {
        e->buffer->use(buffer);
        if (usage == 0 || usage > 7) {
            report("useResource:usage: %lu is no MTLResourceUsage", usage);
        }
    }
}

}  // namespace

void register_compute_encoder() {
    const char* c = ComputeEncoder::kClass;
    register_encoder_methods(c);
    instance_method("MTLCommandBuffer", "computeCommandEncoder", [](CommandBuffer* self, Selector) -> Object* {
        return begin_compute(self, "computeCommandEncoder", 0);
    });
    class_method(ComputePassDescriptor::kClass, "computePassDescriptor", [](Object*, Selector) -> Object* {
        return autoreleased(make<ComputePassDescriptor>());
    });
    instance_method(ComputePassDescriptor::kClass, "setDispatchType:",
        [](ComputePassDescriptor* self, Selector, UInteger type) { self->dispatch_type = type; });
    instance_method("MTLCommandBuffer", "computeCommandEncoderWithDescriptor:",
        [](CommandBuffer* self, Selector, ComputePassDescriptor* d) -> Object* {
        return begin_compute(self, "computeCommandEncoderWithDescriptor:", d == nullptr ? 0 : d->dispatch_type);
    });
    instance_method("MTLCommandBuffer", "computeCommandEncoderWithDispatchType:", [](CommandBuffer* self, Selector, UInteger type) -> Object* {
        return begin_compute(self, "computeCommandEncoderWithDispatchType:", type);
    });
    instance_method(c, "dispatchType", [](ComputeEncoder* self, Selector) -> UInteger { return self->concurrent ? kConcurrent : 0; });
    instance_method(c, "setComputePipelineState:", [](ComputeEncoder* self, Selector, Pipeline* p) { set_pipeline(self, p); });
    instance_method(c, "setBuffer:offset:atIndex:",
        [](ComputeEncoder* self, Selector, Object* b, UInteger o, UInteger i) { set_buffer(self, b, o, i); });
    instance_method(c, "setBuffers:offsets:withRange:", [](ComputeEncoder* self, Selector, Object* const* b, const UInteger* o, NSRange range) {
        for (UInteger i = 0; i < range.length; i++) {
            set_buffer(self, b[i], o[i], range.location + i);
        }
    });
    instance_method(c, "setBufferOffset:atIndex:", [](ComputeEncoder* self, Selector, UInteger o, UInteger i) { set_buffer_offset(self, o, i); });
    instance_method(c, "setBytes:length:atIndex:",
        [](ComputeEncoder* self, Selector, const char* p, UInteger n, UInteger i) { set_bytes(self, p, n, i); });
    instance_method(c, "setThreadgroupMemoryLength:atIndex:",
        [](ComputeEncoder* self, Selector, UInteger n, UInteger i) { set_threadgroup_length(self, n, i); });
    instance_method(c, "dispatchThreadgroups:threadsPerThreadgroup:", [](ComputeEncoder* self, Selector, MTLSize groups, MTLSize size) {
        dispatch(self, "dispatchThreadgroups:threadsPerThreadgroup:", groups, size,
                 {groups.width * size.width, groups.height * size.height, groups.depth * size.depth});
    });
    instance_method(c, "dispatchThreads:threadsPerThreadgroup:", [](ComputeEncoder* self, Selector, MTLSize grid, MTLSize size) {
        auto groups = [](UInteger n, UInteger by) { return by == 0 ? 0 : (n + by - 1) / by; };
        dispatch(self, "dispatchThreads:threadsPerThreadgroup:",
                 {groups(grid.width, size.width), groups(grid.height, size.height), groups(grid.depth, size.depth)}, size, grid);
    });
    instance_method(c, "memoryBarrierWithScope:", [](ComputeEncoder* self, Selector, UInteger scope) {
        if ((scope & kScopeBuffers) == 0) {
            report("memoryBarrierWithScope: %lu does not order buffers", scope);
            return;
        }
        memory_barrier(self, "memoryBarrierWithScope:", {});
    });
    instance_method(c, "memoryBarrierWithResources:count:", [](ComputeEncoder* self, Selector, Object* const* resources, UInteger n) {
        Barrier barrier;
        for (UInteger i = 0; i < n; i++) {
            if (Buffer* buffer = checked_buffer(resources[i], "memoryBarrierWithResources:count:")) {
                barrier.memories.push_back(buffer->memory);
            }
        }
        if (barrier.memories.empty()) {
            report("memoryBarrierWithResources:count: no resources");
            return;
        }
        memory_barrier(self, "memoryBarrierWithResources:count:", std::move(barrier));
    });
    instance_method(c, "useResource:usage:", [](ComputeEncoder* self, Selector, Object* r, UInteger usage) { use_resource(self, r, usage); });
    instance_method(c, "useResources:count:usage:", [](ComputeEncoder* self, Selector, Object* const* r, UInteger n, UInteger usage) {
        for (UInteger i = 0; i < n; i++) {
            use_resource(self, r[i], usage);
        }
    });
}

}  // namespace metalsim

// MTLBlitCommandEncoder.
#include "metal/encoder.h"

namespace metalsim {
namespace {

struct BlitEncoder : Encoder {
    static constexpr const char* kClass = "MTLBlitCommandEncoder";
};

bool is_range(const Buffer* buffer, UInteger offset, UInteger size, const char* method) {
    bool inside = offset <= buffer->memory->length && size <= buffer->memory->length - offset;
    if (!inside || size == 0) {
        report("%s %lu bytes at %lu of a buffer of %lu", method, size, offset, buffer->memory->length);
    }
    return inside && size != 0;
}

void copy(BlitEncoder* e, Object* source, UInteger source_offset, Object* target, UInteger target_offset, UInteger size) {
    const char* method = "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:";
    if (!e->is_open(method)) {
        return;
    }
    Buffer *from = checked_buffer(source, method), *to = checked_buffer(target, method);
    if (from == nullptr || to == nullptr || !is_range(from, source_offset, size, method) || !is_range(to, target_offset, size, method)) {
        return;
    }
    if (source_offset % 4 != 0 || target_offset % 4 != 0 || size % 4 != 0) {
        report("%s offsets and size must be multiples of 4: %lu, %lu, %lu", method, source_offset, target_offset, size);
    }
    if (from->memory == to->memory && source_offset < target_offset + size && target_offset < source_offset + size) {
        report("%s source and destination overlap", method);
    }
    count(Counter::kBlits);
    e->buffer->use(from);
    e->buffer->use(to);
    e->buffer->operations.push_back(CopyBytes{from->memory, to->memory, source_offset, target_offset, size});
}

void fill(BlitEncoder* e, Object* target, NSRange range, uint8_t value) {
    const char* method = "fillBuffer:range:value:";
    Buffer* buffer = e->is_open(method) ? checked_buffer(target, method) : nullptr;
    if (buffer == nullptr || !is_range(buffer, range.location, range.length, method)) {
        return;
    }
    if (range.location % 4 != 0 || range.length % 4 != 0) {
        report("%s the range must be multiples of 4: {%lu, %lu}", method, range.location, range.length);
    }
    count(Counter::kBlits);
    e->buffer->use(buffer);
    e->buffer->operations.push_back(FillBytes{buffer->memory, range.location, range.length, value});
}

}  // namespace

void register_blit_encoder() {
    const char* c = BlitEncoder::kClass;
    register_encoder_methods(c);
    instance_method("MTLCommandBuffer", "blitCommandEncoder", [](CommandBuffer* self, Selector) -> Object* {
        return begin_encoder<BlitEncoder>(self, "blitCommandEncoder");
    });
    instance_method(c, "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:",
        [](BlitEncoder* self, Selector, Object* from, UInteger at, Object* to, UInteger place, UInteger size) {
        copy(self, from, at, to, place, size);
    });
    instance_method(c, "fillBuffer:range:value:",
        [](BlitEncoder* self, Selector, Object* b, NSRange range, uint8_t value) { fill(self, b, range, value); });
    instance_method(c, "synchronizeResource:", [](BlitEncoder*, Selector, Object*) {});
}

}  // namespace metalsim

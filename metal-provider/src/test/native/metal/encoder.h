// What compute and blit encoders have in common.
#pragma once

#include "control/counters.h"
#include "metal/command_buffer.h"

namespace metalsim {

struct Encoder : Object {
    CommandBuffer* buffer = nullptr;
    bool ended = false;

    /// Lets go of what was bound: the encoder itself may live on in an autorelease pool.
    virtual void forget_bindings() {}

    ~Encoder() override {
        if (!ended) {
            report("a command encoder was deallocated before endEncoding");
            buffer->has_open_encoder = false;
        }
        release(buffer);
    }

    bool is_open(const char* method) const {
        if (ended) {
            report("%s after endEncoding", method);
        }
        return !ended;
    }
};

/// Begins an encoder; null, with a report, where the command buffer cannot have one now.
template <class E>
E* begin_encoder(CommandBuffer* b, const char* method) {
    if (!b->is_open(method)) {
        return nullptr;
    }
    if (b->has_open_encoder) {
        report("%s: the command buffer has an encoder that has not ended", method);
        return nullptr;
    }
    count(Counter::kEncoders);
    auto* encoder = make<E>();
    encoder->buffer = retained(b);
    b->has_open_encoder = true;
    b->operations.push_back(BeginEncoder{});
    return autoreleased(encoder);
}

/// The methods that both kinds have, for the class of that name.
void register_encoder_methods(const char* class_name);

}  // namespace metalsim

#include "metal/encoder.h"

namespace metalsim {
namespace {

void end_encoding(Encoder* e) {
    if (e->is_open("endEncoding")) {
        e->ended = true;
        e->forget_bindings();
        e->buffer->has_open_encoder = false;
    }
}

void use_fence(Encoder* e, Fence* fence, bool update) {
    const char* method = update ? "updateFence:" : "waitForFence:";
    if (!e->is_open(method)) {
        return;
    }
    if (fence == nullptr) {
        report("%s the fence is nil", method);
        return;
    }
    count(Counter::kFences);
    e->buffer->hold(fence);
    e->buffer->operations.push_back(UseFence{fence->updated, update});
}

}  // namespace

void register_encoder_methods(const char* c) {
    class_named(c, "MTLObject");
    instance_method(c, "endEncoding", [](Encoder* self, Selector) { end_encoding(self); });
    instance_method(c, "updateFence:", [](Encoder* self, Selector, Fence* fence) { use_fence(self, fence, true); });
    instance_method(c, "waitForFence:", [](Encoder* self, Selector, Fence* fence) { use_fence(self, fence, false); });
    instance_method(c, "insertDebugSignpost:", [](Encoder*, Selector, Object*) {});
    instance_method(c, "pushDebugGroup:", [](Encoder*, Selector, Object*) {});
    instance_method(c, "popDebugGroup", [](Encoder*, Selector) {});
}

}  // namespace metalsim

// MTLResidencySet: kept as a list and otherwise without effect, since everything here is resident.
#include <algorithm>

#include "metal/buffer.h"
#include "objc/foundation.h"

namespace metalsim {
namespace {

struct ResidencySetDescriptor : Object {
    static constexpr const char* kClass = "MTLResidencySetDescriptor";
    UInteger capacity = 0;
};

struct ResidencySet : Object {
    static constexpr const char* kClass = "MTLResidencySet";
    std::vector<Object*> allocations;  // retained

    ~ResidencySet() override {
        for (Object* allocation : allocations) {
            release(allocation);
        }
    }

    void add(Object* allocation) {
        if (checked_buffer(allocation, "addAllocation:") != nullptr && std::find(allocations.begin(), allocations.end(),
                allocation) == allocations.end()) {
            allocations.push_back(retained(allocation));
        }
    }

    void remove(Object* allocation) {
        auto it = std::find(allocations.begin(), allocations.end(), allocation);
        if (it == allocations.end()) {
            report("removeAllocation: %p is not in the residency set", static_cast<void*>(allocation));
            return;
        }
        allocations.erase(it);
        release(allocation);
    }
};

}  // namespace

void register_residency() {
    const char* d = ResidencySetDescriptor::kClass;
    class_named(d, "MTLObject");
    class_method(d, "new", [](Object*, Selector) -> Object* { return make<ResidencySetDescriptor>(); });
    class_method(d, "alloc", [](Object*, Selector) -> Object* { return make<ResidencySetDescriptor>(); });
    instance_method(d, "setInitialCapacity:", [](ResidencySetDescriptor* self, Selector, UInteger n) { self->capacity = n; });
    instance_method("MTLDevice", "newResidencySetWithDescriptor:error:",
        [](Object*, Selector, Object*, Object**) -> Object* { return make<ResidencySet>(); });
    const char* c = ResidencySet::kClass;
    class_named(c, "MTLObject");
    instance_method(c, "addAllocation:", [](ResidencySet* self, Selector, Object* a) { self->add(a); });
    instance_method(c, "addAllocations:count:", [](ResidencySet* self, Selector, Object* const* a, UInteger n) {
        for (UInteger i = 0; i < n; i++) {
            self->add(a[i]);
        }
    });
    instance_method(c, "removeAllocation:", [](ResidencySet* self, Selector, Object* a) { self->remove(a); });
    instance_method(c, "containsAllocation:", [](ResidencySet* self, Selector, Object* a) -> bool {
        return std::find(self->allocations.begin(), self->allocations.end(), a) != self->allocations.end();
    });
    instance_method(c, "allocationCount", [](ResidencySet* self, Selector) -> UInteger { return self->allocations.size(); });
    instance_method(c, "allocatedSize", [](ResidencySet* self, Selector) -> UInteger {
        UInteger size = 0;
        for (Object* allocation : self->allocations) {
            size += static_cast<Buffer*>(allocation)->memory->mapped;
        }
        return size;
    });
    instance_method(c, "commit", [](ResidencySet*, Selector) {});
    instance_method(c, "requestResidency", [](ResidencySet*, Selector) {});
    instance_method(c, "endResidency", [](ResidencySet*, Selector) {});
    for (const char* user : {"MTLCommandQueue"}) {
        instance_method(user, "addResidencySet:", [](Object*, Selector, Object*) {});
        instance_method(user, "removeResidencySet:", [](Object*, Selector, Object*) {});
    }
    instance_method("MTLCommandBuffer", "useResidencySet:", [](Object*, Selector, Object*) {});
}

}  // namespace metalsim

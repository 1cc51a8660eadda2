// MTLDevice: what the simulated GPU says of itself. Making things is registered where the things are.
#include <unistd.h>

#include <mutex>

#include "control/options.h"
#include "metal/buffer.h"
#include "objc/foundation.h"

namespace metalsim {
namespace {

struct Device : Object {
    static constexpr const char* kClass = "MTLDevice";
};

struct Architecture : Object {
    static constexpr const char* kClass = "MTLArchitecture";
};

Device* device() {
    static Device* instance = [] {
        freeze_check_mode();
        auto* d = make<Device>();
        d->immortal = true;
        if (options().check) {
            catch_host_accesses();
        }
        return d;
    }();
    return instance;
}

Architecture* architecture() {
    static Architecture* instance = [] {
        auto* a = make<Architecture>();
        a->immortal = true;
        return a;
    }();
    return instance;
}

UInteger working_set() {
    UInteger set = options().working_set;
    return set != 0 ? set : UInteger(sysconf(_SC_PHYS_PAGES)) * UInteger(sysconf(_SC_PAGESIZE)) / 4 * 3;
}

// MTLGPUFamily: Apple1 to Apple8, Common1 to Common3, Mac2, Metal3.
bool supports_family(Integer family) {
    return (family >= 1001 && family <= 1008) || (family >= 3001 && family <= 3003) || family == 2002 || family == 5001;
}

}  // namespace

void register_device() {
    const char* c = Device::kClass;
    class_named(c, "MTLObject");
    instance_method(c, "name", [](Object*, Selector) -> Object* { return autoreleased(new_string("Software Metal device (simulated)")); });
    instance_method(c, "architecture", [](Object*, Selector) -> Object* { return architecture(); });
    instance_method(Architecture::kClass, "name", [](Object*, Selector) -> Object* { return autoreleased(new_string(options().architecture)); });
    instance_method(c, "registryID", [](Object*, Selector) -> UInteger { return 1; });
    instance_method(c, "hasUnifiedMemory", [](Object*, Selector) -> bool { return true; });
    instance_method(c, "isLowPower", [](Object*, Selector) -> bool { return false; });
    instance_method(c, "isHeadless", [](Object*, Selector) -> bool { return true; });
    instance_method(c, "isRemovable", [](Object*, Selector) -> bool { return false; });
    instance_method(c, "supportsFamily:", [](Object*, Selector, Integer family) -> bool { return supports_family(family); });
    instance_method(c, "maxBufferLength", [](Object*, Selector) -> UInteger { return options().max_buffer_length; });
    instance_method(c, "maxThreadgroupMemoryLength", [](Object*, Selector) -> UInteger { return options().threadgroup_memory; });
    instance_method(c, "recommendedMaxWorkingSetSize", [](Object*, Selector) -> UInteger { return working_set(); });
    instance_method(c, "currentAllocatedSize", [](Object*, Selector) -> UInteger { return allocated_size(); });
    instance_method(c, "argumentBuffersSupport", [](Object*, Selector) -> UInteger { return 1; });
}

EXPORT Object* MTLCreateSystemDefaultDevice() { return device(); }

/// An array with the one device, which the caller owns.
EXPORT Object* MTLCopyAllDevices() { return new_array({device()}); }

}  // namespace metalsim

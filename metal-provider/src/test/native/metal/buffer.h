// MTLBuffer, and the memory behind it.
#pragma once

#include <atomic>
#include <memory>

#include "objc/foundation.h"
#include "objc/runtime.h"

namespace metalsim {

struct AccessShadow;  // races.h

/// The bytes of a buffer. They live as long as anything that may still run needs them, even where the MTLBuffer is gone.
///
/// In check mode the memory is mapped twice: the host's view is closed between commit and completion, so that an access
/// by the host in that time is seen, while kernels go through the device's view.
struct Memory {
    char* host = nullptr;
    char* device = nullptr;
    UInteger length = 0;
    UInteger mapped = 0;
    bool owned = true;      // false: newBufferWithBytesNoCopy:
    bool untracked = false;  // MTLResourceHazardTrackingModeUntracked
    Block* deallocator = nullptr;
    std::atomic<int> in_flight{0};  // committed command buffers that use it
    std::atomic<int> encoded{0};    // command buffers that use it and are not complete
    std::unique_ptr<AccessShadow> shadow;  // check mode

    Memory();
    ~Memory();
    Memory(const Memory&) = delete;

    void enter_flight();
    void leave_flight();
};

struct Buffer : Object {
    static constexpr const char* kClass = "MTLBuffer";
    std::shared_ptr<Memory> memory;
    UInteger options = 0;
    ~Buffer() override;
};

/// The buffer that the argument is, or null with a report when it is something else.
Buffer* checked_buffer(Object* object, const char* method);

/// Bytes of all buffers alive.
UInteger allocated_size();

/// From now on an access by the host to a buffer in flight is reported instead of crashing.
void catch_host_accesses();

/// Apple silicon's page size: what newBufferWithBytesNoCopy: wants to be aligned to.
constexpr UInteger kPageSize = 16384;

}  // namespace metalsim

#include "metal/buffer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "control/counters.h"
#include "control/options.h"
#include "run/races.h"
#include "run/signals.h"

namespace metalsim {
namespace {

std::atomic<UInteger> total_allocated{0};

constexpr UInteger kStorageMask = 0xf0, kStoragePrivate = 0x20, kStorageMemoryless = 0x30;
constexpr UInteger kHazardMask = 0x300, kHazardUntracked = 0x100;

// Regions that the signal handler looks through: it may take no lock and allocate nothing.
struct GuardedRegion {
    std::atomic<Memory*> memory{nullptr};
};
constexpr size_t kRegions = 1 << 15;
GuardedRegion regions[kRegions];
std::atomic<size_t> regions_used{0};

void enter_region(Memory* memory) {
    for (size_t i = 0; i < kRegions; i++) {
        Memory* none = nullptr;
        if (regions[i].memory.load(std::memory_order_relaxed) == nullptr &&
            regions[i].memory.compare_exchange_strong(none, memory)) {
            size_t used = regions_used;
            while (used < i + 1 && !regions_used.compare_exchange_weak(used, i + 1)) {
            }
            return;
        }
    }
}

void leave_region(Memory* memory) {
    for (size_t i = 0, n = regions_used; i < n; i++) {
        Memory* expected = memory;
        if (regions[i].memory.compare_exchange_strong(expected, nullptr)) {
            return;
        }
    }
}

bool handle_host_access(int, const Fault& fault) {
    const char* address = fault.address;
    for (size_t i = 0, n = regions_used; i < n; i++) {
        Memory* m = regions[i].memory;
        if (m != nullptr && address >= m->host && address < m->host + m->mapped && m->in_flight > 0) {
            report("host access to a buffer of %lu bytes at offset %ld while a command buffer that uses it is in flight",
                   m->length, long(address - m->host));
            mprotect(m->host, m->mapped, PROT_READ | PROT_WRITE);
            return true;
        }
    }
    return false;
}

char* map(int file, UInteger length) {
    int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    void* address = mmap(nullptr, length, PROT_READ | PROT_WRITE, flags, file, 0);
    return address == MAP_FAILED ? nullptr : static_cast<char*>(address);
}

// Memory of its own, or null where the machine has none left.
std::shared_ptr<Memory> allocate(UInteger length) {
    auto memory = std::make_shared<Memory>();
    memory->length = length;
    memory->mapped = (length + 4095) & ~UInteger(4095);
    if (options().check) {
        int file = memfd_create("metal-buffer", MFD_CLOEXEC);
        if (file < 0 || ftruncate(file, off_t(memory->mapped)) != 0) {
            close(file);
            return nullptr;
        }
        memory->host = map(file, memory->mapped);
        memory->device = map(file, memory->mapped);
        close(file);
        if (memory->host == nullptr || memory->device == nullptr) {
            return nullptr;
        }
        enter_region(memory.get());
    } else {
        memory->host = memory->device = map(-1, memory->mapped);
        if (memory->host == nullptr) {
            return nullptr;
        }
    }
    total_allocated += memory->mapped;
    return memory;
}

Buffer* new_buffer(std::shared_ptr<Memory> memory, UInteger options_bits) {
    auto* buffer = make<Buffer>();
    buffer->options = options_bits;
    memory->untracked = (options_bits & kHazardMask) == kHazardUntracked;
    if (options().check) {
        memory->shadow = std::make_unique<AccessShadow>(memory->length);
    }
    buffer->memory = std::move(memory);
    return buffer;
}

Buffer* new_buffer_with_length(UInteger length, UInteger options_bits) {
    if (length == 0 || length > options().max_buffer_length) {
        report("newBufferWithLength:options: length %lu is not in 1..%lu", length, options().max_buffer_length.load());
        return nullptr;
    }
    if ((options_bits & kStorageMask) == kStorageMemoryless) {
        report("newBufferWithLength:options: a buffer cannot be memoryless");
        return nullptr;
    }
    if (fault_due(InjectedFault::kAllocate)) {
        return nullptr;
    }
    auto memory = allocate(length);
    if (memory == nullptr) {
        return nullptr;
    }
    if (options().poison) {
        memset(memory->host, 0xff, length);  // NaN as any float, -1 as any integer
    }
    count(Counter::kBuffers);
    count(Counter::kBytes, length);
    return new_buffer(std::move(memory), options_bits);
}

Buffer* new_buffer_no_copy(void* bytes, UInteger length, UInteger options_bits, Block* deallocator) {
    if (reinterpret_cast<UInteger>(bytes) % kPageSize != 0 || length % kPageSize != 0 || length == 0) {
        report("newBufferWithBytesNoCopy: pointer %p and length %lu must be multiples of the page size %lu", bytes, length, kPageSize);
        return nullptr;
    }
    if (deallocator != nullptr) {
        check_block(deallocator, "newBufferWithBytesNoCopy:length:options:deallocator:");
    }
    if (fault_due(InjectedFault::kAllocate)) {
        return nullptr;
    }
    auto memory = std::make_shared<Memory>();
    memory->host = memory->device = static_cast<char*>(bytes);
    memory->length = memory->mapped = length;
    memory->owned = false;
    memory->deallocator = deallocator;
    count(Counter::kBuffers);
    return new_buffer(std::move(memory), options_bits);
}

}  // namespace

Memory::Memory() = default;

Memory::~Memory() {
    if (!owned) {
        if (deallocator != nullptr) {
            reinterpret_cast<void (*)(Block*, void*, UInteger)>(deallocator->invoke)(deallocator, host, length);
        }
        return;
    }
    if (device != host) {
        leave_region(this);
        munmap(device, mapped);
    }
    if (host != nullptr) {
        munmap(host, mapped);
        total_allocated -= mapped;
    }
}

void Memory::enter_flight() {
    if (in_flight++ == 0 && device != host) {
        mprotect(host, mapped, PROT_NONE);
    }
}

void Memory::leave_flight() {
    if (--in_flight == 0 && device != host) {
        mprotect(host, mapped, PROT_READ | PROT_WRITE);
    }
}

Buffer::~Buffer() {
    if (memory->encoded > 0) {
        report("a buffer of %lu bytes%s%s was deallocated before a command buffer that uses it completed", memory->length,
               label.empty() ? "" : " labelled ", label.c_str());
    }
}

Buffer* checked_buffer(Object* object, const char* method) {
    auto* buffer = is_alive(object) ? dynamic_cast<Buffer*>(object) : nullptr;
    if (buffer == nullptr) {
        report("%s %p is no live buffer", method, static_cast<void*>(object));
    }
    return buffer;
}

UInteger allocated_size() { return total_allocated; }

void catch_host_accesses() { add_fault_handler(handle_host_access); }

void register_buffers() {
    class_named("MTLObject");
    const char* c = Buffer::kClass;
    class_named(c, "MTLObject");
    instance_method(c, "contents", [](Buffer* self, Selector) -> void* {
        return (self->options & kStorageMask) == kStoragePrivate ? nullptr : self->memory->host;
    });
    instance_method(c, "length", [](Buffer* self, Selector) -> UInteger { return self->memory->length; });
    instance_method(c, "allocatedSize", [](Buffer* self, Selector) -> UInteger { return self->memory->mapped; });
    instance_method(c, "gpuAddress", [](Buffer* self, Selector) -> UInteger { return UInteger(self->memory->device); });
    instance_method(c, "resourceOptions", [](Buffer* self, Selector) -> UInteger { return self->options; });
    instance_method(c, "storageMode", [](Buffer* self, Selector) -> UInteger { return (self->options & kStorageMask) >> 4; });
    instance_method(c, "cpuCacheMode", [](Buffer* self, Selector) -> UInteger { return self->options & 15; });
    instance_method(c, "hazardTrackingMode", [](Buffer* self, Selector) -> UInteger { return (self->options & kHazardMask) >> 8; });
    instance_method(c, "setPurgeableState:", [](Buffer*, Selector, UInteger) -> UInteger { return 2; });  // non-volatile
    instance_method(c, "didModifyRange:", [](Buffer* self, Selector, NSRange range) {
        if (range.location + range.length > self->memory->length) {
            report("didModifyRange: {%lu, %lu} is beyond the length %lu", range.location, range.length, self->memory->length);
        }
    });
    const char* device = "MTLDevice";
    instance_method(device, "newBufferWithLength:options:", [](Object*, Selector, UInteger length, UInteger bits) -> Object* {
        return new_buffer_with_length(length, bits);
    });
    instance_method(device, "newBufferWithBytes:length:options:",
        [](Object*, Selector, const void* bytes, UInteger length, UInteger bits) -> Object* {
        Buffer* buffer = new_buffer_with_length(length, bits);
        if (buffer != nullptr) {
            memcpy(buffer->memory->host, bytes, length);
        }
        return buffer;
    });
    instance_method(device, "newBufferWithBytesNoCopy:length:options:deallocator:",
        [](Object*, Selector, void* bytes, UInteger length, UInteger bits, Block* deallocator) -> Object* {
        return new_buffer_no_copy(bytes, length, bits, deallocator);
    });
}

}  // namespace metalsim

#include "run/checks.h"

#include <cstring>

#include "control/log.h"
#include "control/options.h"
#include "run/group.h"

namespace metalsim {
namespace {

std::atomic<uint32_t> dispatch_numbers{1};
Ordering ordering;

std::string describe(Conflict conflict, bool writes, const Moment& other) {
    const char* verb = writes ? "write" : "read";
    switch (conflict) {
        case Conflict::kThreads:
            return text("race: %s of what thread %u of the same threadgroup touched, with no barrier that orders this memory between",
                    verb, other.lane);
        case Conflict::kGroups:
            return text("race: %s of what a thread of threadgroup %u touched, one of the two writes", verb, other.group);
        case Conflict::kDispatches:
            return text("missing memoryBarrier: %s of what an earlier dispatch of this concurrent encoder touched, one of the two writes", verb);
        case Conflict::kEncoders:
            return text("missing fence: %s of a hazard-untracked buffer that an earlier encoder touched, and no fence, event or completion orders the two", verb);
        case Conflict::kNone:
            break;
    }
    return "";
}

bool is_inside(const char* address, const void* begin, size_t size) {
    auto* b = static_cast<const char*>(begin);
    return address >= b && address < b + size;
}

// Memory of the device's own that compiled kernels touch by design.
bool is_own_memory(const Group& g, const char* a) {
    return g.current->fiber->contains(a) || is_inside(a, &g.arguments, sizeof g.arguments) || is_inside(a, g.lanes.data(),
            g.lanes.size() * sizeof(LaneRecord)) ||
           is_inside(a, g.simdgroups.data(), g.simdgroups.size() * sizeof(Simdgroup));
}

Moment moment_of(const Group& g, bool atomic, uint32_t epoch, uint32_t simd_epoch) {
    Moment m;
    m.dispatch = ordering.dispatch;
    m.group = uint32_t(g.number);
    m.epoch = epoch;
    m.simd_epoch = simd_epoch;
    m.lane = uint16_t(g.current->lane.index);
    m.atomic = atomic;
    return m;
}

void check_threadgroup_memory(Group& g, const char* a, size_t size, bool writes, bool atomic) {
    size_t offset = size_t(a - g.local_memory());
    bool inside = false;
    std::string nearest = "no threadgroup memory";
    auto test = [&](const std::string& name, size_t begin, size_t length) {
        inside |= offset >= begin && offset + size <= begin + length;
        if (offset >= begin && length != 0) {
            nearest = text("offset %zu of %s, %zu bytes long", offset - begin, name.c_str(), length);
        }
    };
    for (int i = 0; i < 31; i++) {
        if (g.arguments.threadgroup_memory[i] != nullptr) {
            test(text("threadgroup(%d)", i), size_t(static_cast<char*>(g.arguments.threadgroup_memory[i]) - g.local_memory()),
                    g.dispatch->threadgroup_lengths[i]);
        }
    }
    for (auto& v : g.variables) {
        test("a threadgroup variable", v.offset, v.size);
    }
    if (!inside) {
        g.fail_and_leave(kErrorPageFault, text("out of bounds: %s of %zu bytes at ", writes ? "write" : "read", size) + nearest);
    }
    Moment now = moment_of(g, atomic, g.threadgroup_epoch, g.simdgroups[g.current->lane.simdgroup].threadgroup_epoch), other;
    now.group = 0;  // the next threadgroup's memory is another one; the epoch tells them apart
    Conflict c = g.checks->local.access(offset, size, now, writes, ordering, true, other);
    if (c != Conflict::kNone) {
        g.fail_and_leave(kErrorInternal, "threadgroup memory " + describe(c, writes, other) + text(", offset %zu", offset));
    }
}

[[noreturn]] void fail_out_of_bounds(Group& g, const char* a, size_t size, bool writes) {
    std::string where = "an address near no bound buffer";
    int64_t best = int64_t(1) << 40;
    for (auto& r : g.checks->ranges) {
        int64_t distance = a < r.first ? r.first - a : a - r.end;
        if (distance < best) {
            best = distance;
            where = text("offset %ld of buffer(%d), %ld bytes long", long(a - r.begin), r.index, long(r.end - r.begin));
        }
    }
    g.fail_and_leave(kErrorPageFault, text("out of bounds: %s of %zu bytes at ", writes ? "write" : "read", size) + where);
}

void check_access(const void* address, size_t size, bool writes, bool atomic, size_t alignment) {
    Group* running = current_group();
    if (running == nullptr || running->checks == nullptr || size == 0) {
        return;
    }
    Group& g = *running;
    auto* a = static_cast<char*>(const_cast<void*>(address));
    if (is_own_memory(g, a)) {
        return;
    }
    if (is_inside(a, g.local_memory(), g.threadgroup_memory_size)) {
        check_threadgroup_memory(g, a, size, writes, atomic);
    } else {
        GroupChecks::Range* found = nullptr;
        for (auto& r : g.checks->ranges) {
            if (a >= r.first && a + size <= r.end && (found == nullptr || r.writes)) {
                found = &r;
            }
        }
        if (found == nullptr) {
            auto& module = *g.dispatch->kernel->module;
            if (!writes && a >= module.code_begin && a < module.code_end) {
                return;  // a constant of the program
            }
            fail_out_of_bounds(g, a, size, writes);
        }
        if (writes && !found->writes) {
            g.fail_and_leave(kErrorInternal, text("write through buffer(%d), which the kernel declares read-only", found->index));
        }
        if (found->memory != nullptr) {
            Memory& m = *found->memory;
            Moment now = moment_of(g, atomic, g.device_epoch, g.simdgroups[g.current->lane.simdgroup].device_epoch), other;
            Conflict c = m.shadow->access(uint64_t(a - m.device), size, now, writes, ordering, !m.untracked, other);
            if (c != Conflict::kNone) {
                g.fail_and_leave(kErrorInternal, text("device memory, buffer(%d) at offset %ld: ", found->index,
                        long(a - found->begin)) + describe(c, writes, other));
            }
        }
    }
    if (reinterpret_cast<uintptr_t>(a) % alignment != 0) {
        g.fail_and_leave(kErrorInternal, text("misaligned %s of %zu bytes: the address is no multiple of %zu", writes ? "write" : "read",
                size, alignment));
    }
}

}  // namespace

GroupChecks::GroupChecks(const Dispatch& dispatch) {
    for (const Parameter& p : dispatch.kernel->info().parameters) {
        if (p.attribute != "buffer") {
            continue;
        }
        const Binding& b = dispatch.bindings[p.index];
        char* begin = b.memory != nullptr ? b.memory->device + b.offset : const_cast<char*>(b.bytes->data());
        UInteger length = b.memory != nullptr ? b.memory->length - b.offset : b.bytes->size();
        // A pointer may go back before the offset that it was bound at: that is how negative strides work.
        char* first = b.memory != nullptr ? b.memory->device : begin;
        ranges.push_back({first, begin, begin + length, p.index, p.writes, b.memory.get()});
    }
}

Ordering& current_ordering() { return ordering; }
uint32_t next_dispatch_number() { return dispatch_numbers; }
void begin_dispatch() { ordering.dispatch = dispatch_numbers++; }

std::mutex& check_mode_turn() {
    static std::mutex turn;
    return turn;
}

std::string check_blit(Memory& memory, UInteger offset, UInteger size, bool writes) {
    Moment now, other;
    now.dispatch = ordering.dispatch;
    // The ends are enough to find an encoder that forgot the order, and a blit may be long.
    for (UInteger at : {offset, offset + size - std::min<UInteger>(size, 4)}) {
        Conflict c = memory.shadow->access(at, std::min<UInteger>(size, 4), now, writes, ordering, !memory.untracked, other);
        if (c != Conflict::kNone) {
            return "blit, " + describe(c, writes, other);
        }
    }
    return "";
}

// ---- Hooks of -fsanitize=thread ------------------------------------------------------------------------------------

EXPORT void __tsan_init() {}
EXPORT void __tsan_func_entry(void*) {}
EXPORT void __tsan_func_exit() {}

#define HOOKS(N)                                                                                \
    EXPORT void __tsan_read##N(void* p) { check_access(p, N, false, false, N); }                \
    EXPORT void __tsan_write##N(void* p) { check_access(p, N, true, false, N); }                \
    EXPORT void __tsan_read_write##N(void* p) { check_access(p, N, true, false, N); }           \
    EXPORT void __tsan_unaligned_read##N(void* p) { check_access(p, N, false, false, 1); }      \
    EXPORT void __tsan_unaligned_write##N(void* p) { check_access(p, N, true, false, 1); }      \
    EXPORT void __tsan_unaligned_read_write##N(void* p) { check_access(p, N, true, false, 1); } \
    EXPORT void __tsan_volatile_read##N(void* p) { check_access(p, N, false, false, N); }       \
    EXPORT void __tsan_volatile_write##N(void* p) { check_access(p, N, true, false, N); }       \
    EXPORT void __tsan_unaligned_volatile_read##N(void* p) { check_access(p, N, false, false, 1); } \
    EXPORT void __tsan_unaligned_volatile_write##N(void* p) { check_access(p, N, true, false, 1); }
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

EXPORT uint32_t __tsan_atomic32_load(uint32_t* p, int) {
    check_access(p, 4, false, true, 4);
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}
EXPORT void __tsan_atomic32_store(uint32_t* p, uint32_t value, int) {
    check_access(p, 4, true, true, 4);
    __atomic_store_n(p, value, __ATOMIC_RELAXED);
}
EXPORT uint32_t __tsan_atomic32_compare_exchange_val(uint32_t* p, uint32_t expected, uint32_t value, int, int) {
    check_access(p, 4, true, true, 4);
    __atomic_compare_exchange_n(p, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}
EXPORT void* __tsan_memcpy(void* to, const void* from, size_t size) {
    check_access(from, size, false, false, 1);
    check_access(to, size, true, false, 1);
    return memcpy(to, from, size);
}
EXPORT void* __tsan_memmove(void* to, const void* from, size_t size) {
    check_access(from, size, false, false, 1);
    check_access(to, size, true, false, 1);
    return memmove(to, from, size);
}
EXPORT void* __tsan_memset(void* to, int value, size_t size) {
    check_access(to, size, true, false, 1);
    return memset(to, value, size);
}

}  // namespace metalsim

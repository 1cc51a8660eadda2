#include "run/group.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "control/log.h"
#include "control/options.h"

namespace metalsim {

extern "C" __attribute__((visibility("hidden"))) void metalsim_switch(void** save, void* to);  // message.S

namespace {

thread_local Group* thread_group = nullptr;

[[noreturn]] void leave_lane(Group& g) {
    g.current->state = LaneState::kDone;
    g.done++;
    metalsim_switch(&g.current->fiber->stack_pointer, g.scheduler);
    __builtin_unreachable();
}

// The first function on a fiber's stack. After a lane that never waited, the next one runs on the same stack, so that
// such kernels cost no switches.
void run_lanes_on_fiber() {
    for (;;) {
        Group& g = *current_group();
        g.entry(&g.arguments, &g.current->lane);
        LaneRecord* finished = g.current;
        finished->state = LaneState::kDone;
        g.done++;
        LaneRecord* next = finished + 1;
        bool same_simdgroup = next < g.lanes.data() + g.lanes.size() && next->lane.simdgroup == finished->lane.simdgroup;
        if (same_simdgroup && next->state == LaneState::kNew && !g.failed()) {
            next->fiber = finished->fiber;
            finished->fiber = nullptr;
            next->state = LaneState::kReady;
            g.current = next;
            continue;
        }
        metalsim_switch(&finished->fiber->stack_pointer, g.scheduler);
    }
}

void run_rows_on_fiber() {
    Group& g = *current_group();
    LaneRecord& record = *g.current;
    Lane lane = record.lane;
    for (uint32_t z = 0; z < g.size.depth; z++) {
        for (uint32_t y = 0; y < g.size.height; y++) {
            lane.position_in_group[0] = 0;
            lane.position_in_group[1] = y;
            lane.position_in_group[2] = z;
            lane.position_in_grid[0] = record.lane.position_in_grid[0];
            lane.position_in_grid[1] = record.lane.position_in_grid[1] + y;
            lane.position_in_grid[2] = record.lane.position_in_grid[2] + z;
            lane.index = uint32_t((z * g.size.height + y) * g.size.width);
            lane.lane = lane.index % kSimdWidth;
            lane.simdgroup = lane.index / kSimdWidth;
            g.row(&g.arguments, &lane, uint32_t(g.size.width));
        }
    }
    leave_lane(g);
}

void start_fiber(Group& g, LaneRecord& record, void (*function)()) {
    if (g.free_fibers.empty()) {
        g.free_fibers.push_back(new Fiber);
    }
    record.fiber = g.free_fibers.back();
    g.free_fibers.pop_back();
    // metalsim_switch pops six registers and returns into the function, whose own return address is never used.
    auto** top = reinterpret_cast<void**>(record.fiber->stack + Fiber::kStackSize);
    *--top = nullptr;
    *--top = reinterpret_cast<void*>(function);
    for (int i = 0; i < 6; i++) {
        *--top = nullptr;
    }
    record.fiber->stack_pointer = top;
}

// Runs a lane until it waits or is done. On return the current lane may be a later one that ran on the same stack.
void resume(Group& g, LaneRecord& record) {
    record.state = LaneState::kReady;
    g.current = &record;
    metalsim_switch(&g.scheduler, record.fiber->stack_pointer);
    if (g.current->state == LaneState::kDone && g.current->fiber != nullptr) {
        g.free_fibers.push_back(g.current->fiber);
        g.current->fiber = nullptr;
    }
}

// All lanes that wait at one collective exchange their values. Where lanes wait at several, the one that comes first in
// the code goes on: the others are behind it and get there later, as on hardware where lanes reconverge.
void complete_collective(Simdgroup& simdgroup, LaneRecord* first, LaneRecord* last) {
    const void* site = nullptr;
    for (LaneRecord* l = first; l < last; l++) {
        if (l->state == LaneState::kAtCollective && (site == nullptr || l->site < site)) {
            site = l->site;
        }
    }
    Exchange& x = simdgroup.exchange;
    x.active = 0;
    x.has_result = 0;
    uint32_t flags = 0;
    for (LaneRecord* l = first; l < last; l++) {
        char* slot = x.slot[l - first];
        if (l->state == LaneState::kAtCollective && l->site == site) {
            x.active |= 1u << (l - first);
            memcpy(slot, l->value, l->bytes);
            flags |= l->flags;
            l->state = LaneState::kReady;
        } else {
            memset(slot, 0xaa, sizeof x.slot[0]);  // an inactive lane has no value that anyone may rely on
        }
    }
    simdgroup.device_epoch += flags & 1;
    simdgroup.threadgroup_epoch += (flags >> 1) & 1;
}

// Runs a simdgroup until each lane is done or at a threadgroup barrier.
void run_simdgroup(Group& g, uint32_t s) {
    LaneRecord* first = &g.lanes[s * kSimdWidth];
    LaneRecord* last = &g.lanes[std::min<size_t>(g.lanes.size(), (s + 1) * kSimdWidth) - 1] + 1;
    while (!g.failed()) {
        bool waiting = false;
        for (LaneRecord* l = first; l < last && !g.failed(); l++) {
            if (l->state == LaneState::kNew) {
                start_fiber(g, *l, run_lanes_on_fiber);
                resume(g, *l);
            } else if (l->state == LaneState::kReady) {
                resume(g, *l);
            }
        }
        for (LaneRecord* l = first; l < last; l++) {
            waiting |= l->state == LaneState::kAtCollective;
        }
        if (!waiting) {
            return;
        }
        complete_collective(g.simdgroups[s], first, last);
    }
}

// When every simdgroup has stopped: all lanes must be at the same barrier.
void release_barrier(Group& g) {
    const void* site = nullptr;
    uint32_t waiting = 0, flags = 0;
    bool different = false;
    for (LaneRecord& l : g.lanes) {
        if (l.state == LaneState::kAtBarrier) {
            g.current = &l;
            waiting++;
            different |= site != nullptr && site != l.site;
            site = l.site;
            flags |= l.flags;
        }
    }
    if (different) {
        g.fail(kErrorTimeout, "threads of one threadgroup wait at different threadgroup_barriers (divergent barrier)");
    } else if (waiting < g.lanes.size()) {
        g.fail(kErrorTimeout, text("threadgroup_barrier reached by %u of %zu threads: the others have returned (divergent barrier)", waiting,
                                   g.lanes.size()));
    } else {
        g.device_epoch += flags & 1;
        g.threadgroup_epoch += (flags >> 1) & 1;
        for (LaneRecord& l : g.lanes) {
            l.state = LaneState::kReady;
        }
    }
}

// Simdgroups too run in the order that was asked for, so that a missing barrier shows in the values.
uint32_t simdgroup_at(const Group& g, uint32_t i, uint32_t round) {
    uint32_t n = uint32_t(g.simdgroups.size());
    switch (options().order.load(std::memory_order_relaxed)) {
        case Order::kForward:
            return i;
        case Order::kReversed:
            return n - 1 - i;
        case Order::kShuffled:
            return (i + uint32_t(mix(g.number * 131 + round))) % n;
    }
    return i;
}

void run_rows(Group& g) {
    g.lanes.resize(std::max<size_t>(g.lanes.size(), 1));
    LaneRecord& record = g.lanes[0];
    start_fiber(g, record, run_rows_on_fiber);
    resume(g, record);
}

void run_fibers(Group& g) {
    uint32_t n = uint32_t(g.lanes.size());
    g.simdgroups.resize((n + kSimdWidth - 1) / kSimdWidth);
    for (uint32_t round = 0; g.done < n && !g.failed(); round++) {
        for (uint32_t i = 0; i < g.simdgroups.size() && !g.failed(); i++) {
            run_simdgroup(g, simdgroup_at(g, i, round));
        }
        if (g.done < n && !g.failed()) {
            release_barrier(g);
        }
    }
}

}  // namespace

Fiber::Fiber() {
    void* memory = mmap(nullptr, kStackSize + kGuardSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    mprotect(memory, kGuardSize, PROT_NONE);
    stack = static_cast<char*>(memory) + kGuardSize;
}

Fiber::~Fiber() { munmap(stack - kGuardSize, kStackSize + kGuardSize); }

__attribute__((noinline)) Group* current_group() { return thread_group; }
void set_current_group(Group* group) { thread_group = group; }

char* Group::local_memory() const {
    return reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(threadgroup_memory.get()) + 255) & ~uintptr_t(255));
}

std::string Group::place() const {
    const Lane& l = current->lane;
    return text(" [kernel %s, threadgroup (%u,%u,%u), thread (%u,%u,%u)]", info->host_name.c_str(), l.group[0], l.group[1], l.group[2],
                l.position_in_group[0], l.position_in_group[1], l.position_in_group[2]);
}

void Group::fail(long code, const std::string& message) {
    if (!failed()) {
        failure = {code, message + place()};
    }
}

void Group::fail_and_leave(long code, const std::string& message) {
    fail(code, message);
    leave_lane(*this);
}

void Group::wait_in_lane(LaneState state, const void* site, uint32_t flags, const void* value, uint32_t bytes) {
    LaneRecord& me = *current;
    me.state = state;
    me.site = site;
    me.flags = flags;
    me.value = value;
    me.bytes = bytes;
    metalsim_switch(&me.fiber->stack_pointer, scheduler);
}

void run_group(Group& g) {
    g.done = 0;
    g.threadgroup_epoch++;
    g.device_epoch++;
    if (options().poison.load(std::memory_order_relaxed)) {
        memset(g.local_memory(), 0xff, g.threadgroup_memory_size);
    }
    if (g.row != nullptr) {
        run_rows(g);
    } else {
        run_fibers(g);
    }
    for (LaneRecord& l : g.lanes) {
        if (l.fiber != nullptr) {
            g.free_fibers.push_back(l.fiber);
            l.fiber = nullptr;
        }
    }
}

}  // namespace metalsim

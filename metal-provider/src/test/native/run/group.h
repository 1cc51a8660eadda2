// The state of one running threadgroup: shared by the scheduler, the collectives and the checks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run/executor.h"

namespace metalsim {

constexpr uint32_t kSimdWidth = 32;

/// A stack that a lane runs on. They are kept and used again.
struct Fiber {
    static constexpr size_t kStackSize = 256 * 1024;
    static constexpr size_t kGuardSize = 4096;  // below it, unreadable
    char* stack;
    void* stack_pointer;

    Fiber();
    ~Fiber();
    bool owns(const char* address) const { return address >= stack - kGuardSize && address < stack + kStackSize; }
    bool contains(const char* address) const { return address >= stack && address < stack + kStackSize; }
};

/// Values exchanged between the lanes of a simdgroup; __exchange of msl/entry.h.
struct Exchange {
    uint32_t active;
    uint32_t has_result;
    uint64_t unused;
    char result[256];
    char slot[kSimdWidth][64];
};

enum class LaneState { kNew, kReady, kAtBarrier, kAtCollective, kDone };

struct LaneRecord {
    Lane lane;
    LaneState state;
    Fiber* fiber;
    const void* site;   // where the barrier or collective was called
    uint32_t flags;     // of a barrier: which memory it orders
    const void* value;  // what the lane gives to a collective
    uint32_t bytes;
};

struct Simdgroup {
    Exchange exchange;
    uint32_t threadgroup_epoch = 0, device_epoch = 0;  // grow at each simdgroup_barrier that orders such memory
};

struct ThreadgroupVariable {
    uint32_t id;
    size_t offset, size;
};

struct GroupChecks;  // checks.h

/// A CPU thread's threadgroup. The memory is reused from group to group.
struct Group {
    const Dispatch* dispatch = nullptr;
    const KernelInfo* info = nullptr;
    Arguments arguments;
    LaneEntry entry = nullptr;
    RowEntry row = nullptr;
    uint64_t number = 0;  // of the threadgroup in the grid
    MTLSize position, size;

    std::vector<LaneRecord> lanes;
    std::vector<Simdgroup> simdgroups;
    LaneRecord* current = nullptr;
    uint32_t done = 0;
    uint32_t threadgroup_epoch = 1, device_epoch = 1;  // grow at each threadgroup_barrier that orders such memory

    void* scheduler = nullptr;  // stack pointer of the thread's own stack while a lane runs
    std::vector<Fiber*> free_fibers;
    std::unique_ptr<char[]> threadgroup_memory;  // 32 KiB and the largest alignment
    size_t threadgroup_memory_used = 0, threadgroup_memory_size = 0;
    std::vector<ThreadgroupVariable> variables;

    GroupChecks* checks = nullptr;  // in check mode
    Failure failure;

    bool failed() const { return failure.code != 0; }
    char* local_memory() const;
    /// Notes the first failure, with the place in the grid.
    void fail(long code, const std::string& message);
    /// Notes a failure and ends the current lane: does not return.
    [[noreturn]] void fail_and_leave(long code, const std::string& message);
    /// Stops the current lane until what it waits for has come.
    void wait_in_lane(LaneState state, const void* site, uint32_t flags, const void* value, uint32_t bytes);
    /// Where the current lane is, for messages.
    std::string place() const;
};

/// The group that this CPU thread runs, or null. Not inlined: after a switch of stacks it must be asked again.
Group* current_group();
void set_current_group(Group* group);

/// Runs all lanes of the group.
void run_group(Group& group);

}  // namespace metalsim

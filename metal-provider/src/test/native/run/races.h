// Who touched which bytes last: the memory of the race detector. Check mode only.
#pragma once

#include <cstdint>
#include <string>

namespace metalsim {

/// One thread's place in time: what orders its accesses against others.
struct Moment {
    uint32_t dispatch = 0;  // number of the dispatch or blit since the start
    uint32_t group = 0;     // threadgroup in the grid
    uint32_t epoch = 0;     // grows with each threadgroup_barrier that orders this memory
    uint32_t simd_epoch = 0;  // grows with each simdgroup_barrier that does
    uint16_t lane = 0;        // thread index in the threadgroup
    bool atomic = false;
};

/// Which earlier dispatches are ordered before the one that runs.
struct Ordering {
    uint32_t dispatch = 0;       // the one that runs
    uint32_t encoder_first = 0;  // the first of the same encoder
    uint32_t barrier_from = 0;   // of the same encoder, those from here on are not ordered by a barrier
    uint32_t fence_from = 0;     // of earlier encoders, those from here on are not ordered by a fence, event or completion
};

enum class Conflict { kNone, kThreads, kGroups, kDispatches, kEncoders };

/// The last write and the last reads of a granule of memory.
struct AccessRecord {
    Moment write;
    Moment read;
    uint32_t earlier_read_dispatch;  // the last dispatch that read before `read` did
    // `read` is one of several that nothing orders: by lanes of its simdgroup, by other simdgroups, by other threadgroups.
    bool read_by_lanes, read_by_simdgroups, read_by_groups;
};

/// The record of a stretch of memory: byte by byte where it is short, by words where it is long.
struct AccessShadow {
    explicit AccessShadow(uint64_t length);
    ~AccessShadow();
    AccessShadow(const AccessShadow&) = delete;

    /// Notes an access and returns how it conflicts with an earlier one, which `other` then describes.
    Conflict access(uint64_t offset, uint64_t size, const Moment& moment, bool writes, const Ordering& ordering, bool tracked, Moment& other);

    uint32_t barrier_from = 0;  // memoryBarrierWithResources: named this memory then

   private:
    AccessRecord* records_;
    uint64_t count_;
    unsigned granule_;
};

}  // namespace metalsim

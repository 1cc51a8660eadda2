#include "run/races.h"

#include <sys/mman.h>

#include <algorithm>

namespace metalsim {
namespace {

constexpr uint64_t kByteWiseLimit = 65536;

bool is_same_simdgroup(const Moment& a, const Moment& b) { return a.lane / 32 == b.lane / 32; }

Conflict conflict(const Moment& earlier, const Moment& now, const Ordering& ordering, uint32_t barrier_from, bool tracked) {
    if (earlier.dispatch == 0 || (earlier.atomic && now.atomic)) {
        return Conflict::kNone;
    }
    if (earlier.dispatch != now.dispatch) {
        if (earlier.dispatch >= ordering.encoder_first) {
            return earlier.dispatch >= std::max(ordering.barrier_from, barrier_from) ? Conflict::kDispatches : Conflict::kNone;
        }
        return !tracked && earlier.dispatch >= ordering.fence_from ? Conflict::kEncoders : Conflict::kNone;
    }
    if (earlier.group != now.group) {
        return Conflict::kGroups;
    }
    bool ordered = earlier.lane == now.lane || earlier.epoch != now.epoch ||
                   (is_same_simdgroup(earlier, now) && earlier.simd_epoch != now.simd_epoch);
    return ordered ? Conflict::kNone : Conflict::kThreads;
}

Conflict conflict_with_reads(const AccessRecord& r, const Moment& now, const Ordering& ordering, uint32_t barrier_from, bool tracked) {
    Conflict c = conflict(r.read, now, ordering, barrier_from, tracked);
    if (c != Conflict::kNone) {
        return c;
    }
    if (r.read.dispatch == now.dispatch && !(r.read.atomic && now.atomic)) {
        if (r.read_by_groups) {
            return Conflict::kGroups;
        }
        bool behind_simdgroup_barrier = is_same_simdgroup(r.read, now) && r.read.simd_epoch != now.simd_epoch;
        if (r.read.epoch == now.epoch && (r.read_by_simdgroups || (r.read_by_lanes && !behind_simdgroup_barrier))) {
            return Conflict::kThreads;
        }
    }
    Moment before;
    before.dispatch = r.earlier_read_dispatch;
    return before.dispatch == now.dispatch ? Conflict::kNone : conflict(before, now, ordering, barrier_from, tracked);
}

void note_read(AccessRecord& r, const Moment& now) {
    Moment& last = r.read;
    if (last.dispatch != now.dispatch) {
        r.earlier_read_dispatch = last.dispatch;
        r.read_by_lanes = r.read_by_simdgroups = r.read_by_groups = false;
    } else if (last.group != now.group) {
        r.read_by_groups = true;
    } else if (last.epoch != now.epoch) {  // all earlier reads are behind a barrier
        r.read_by_lanes = r.read_by_simdgroups = false;
    } else if (!is_same_simdgroup(last, now)) {
        r.read_by_simdgroups = true;
    } else {
        r.read_by_lanes = last.simd_epoch == now.simd_epoch && (r.read_by_lanes || last.lane != now.lane);
    }
    last = now;
}

}  // namespace

AccessShadow::AccessShadow(uint64_t length) : granule_(length <= kByteWiseLimit ? 1 : 4) {
    count_ = (length + granule_ - 1) / granule_;
    // Zero pages that cost nothing until they are touched.
    void* memory = mmap(nullptr, count_ * sizeof(AccessRecord), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    records_ = memory == MAP_FAILED ? nullptr : static_cast<AccessRecord*>(memory);
}

AccessShadow::~AccessShadow() {
    if (records_ != nullptr) {
        munmap(records_, count_ * sizeof(AccessRecord));
    }
}

Conflict AccessShadow::access(uint64_t offset, uint64_t size, const Moment& moment, bool writes, const Ordering& ordering, bool tracked,
        Moment& other) {
    if (records_ == nullptr || size < granule_) {
        return Conflict::kNone;  // neighbours that share a word are told apart in short buffers only
    }
    for (uint64_t i = offset / granule_; i < (offset + size) / granule_; i++) {
        AccessRecord& r = records_[i];
        Conflict c = conflict(r.write, moment, ordering, barrier_from, tracked);
        other = r.write;
        if (c == Conflict::kNone && writes) {
            c = conflict_with_reads(r, moment, ordering, barrier_from, tracked);
            other = r.read;
        }
        if (c != Conflict::kNone) {
            return c;
        }
        if (writes) {
            r.write = moment;
        } else {
            note_read(r, moment);
        }
    }
    return Conflict::kNone;
}

}  // namespace metalsim

// What compiled kernels call: barriers, collectives, memory of the threadgroup. msl/entry.h declares it to them.
#include <emmintrin.h>

#include <cstring>

#include "control/log.h"
#include "run/group.h"

namespace metalsim {

EXPORT const Lane* metalsim_lane() { return &current_group()->current->lane; }

EXPORT void metalsim_barrier(uint32_t flags) {
    current_group()->wait_in_lane(LaneState::kAtBarrier, __builtin_return_address(0), flags, nullptr, 0);
}

/// Gives a value to the other lanes of the simdgroup and waits for theirs.
EXPORT Exchange* metalsim_exchange(const void* value, uint32_t bytes) {
    Group& g = *current_group();
    LaneRecord& me = *g.current;
    g.wait_in_lane(LaneState::kAtCollective, __builtin_return_address(0), 0, value, bytes);
    return &g.simdgroups[me.lane.simdgroup].exchange;
}

EXPORT void metalsim_simdgroup_barrier(uint32_t flags) {
    char nothing = 0;
    current_group()->wait_in_lane(LaneState::kAtCollective, __builtin_return_address(0), flags, &nothing, 1);
}

/// d = a b + c for 8x8 matrices of which each lane holds two elements, a row's neighbours.
EXPORT void metalsim_multiply(const float* a, const float* b, const float* c, float* d) {
    Group& g = *current_group();
    LaneRecord& me = *g.current;
    float mine[6] = {a[0], a[1], b[0], b[1], c[0], c[1]};
    g.wait_in_lane(LaneState::kAtCollective, __builtin_return_address(0), 0, mine, sizeof mine);
    Exchange& x = g.simdgroups[me.lane.simdgroup].exchange;
    if (x.active != 0xffffffffu) {
        g.fail_and_leave(kErrorInternal, "simdgroup_multiply_accumulate is not reached by all 32 lanes");
    }
    auto row = [](uint32_t lane) { return ((lane / 4) & 4) + (lane / 2) % 4; };
    auto column = [](uint32_t lane) { return ((lane / 4) & 2) * 2 + (lane % 2) * 2; };
    auto* result = reinterpret_cast<float(*)[8]>(x.result);
    if (x.has_result == 0) {
        float left[8][8], right[8][8];
        for (uint32_t lane = 0; lane < kSimdWidth; lane++) {
            auto* v = reinterpret_cast<const float*>(x.slot[lane]);
            for (uint32_t k = 0; k < 2; k++) {
                left[row(lane)][column(lane) + k] = v[k];
                right[row(lane)][column(lane) + k] = v[2 + k];
                result[row(lane)][column(lane) + k] = v[4 + k];
            }
        }
        for (int i = 0; i < 8; i++) {
            for (int k = 0; k < 8; k++) {
                for (int j = 0; j < 8; j++) {
                    result[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        x.has_result = 1;
    }
    d[0] = result[row(me.lane.lane)][column(me.lane.lane)];
    d[1] = result[row(me.lane.lane)][column(me.lane.lane) + 1];
}

/// The memory of a variable that the kernel declares in the threadgroup's address space.
EXPORT void* metalsim_threadgroup_variable(uint32_t id, uint64_t size) {
    Group& g = *current_group();
    for (auto& variable : g.variables) {
        if (variable.id == id) {
            return g.local_memory() + variable.offset;
        }
    }
    size_t offset = (g.threadgroup_memory_used + 15) & ~size_t(15);
    if (offset + size > g.threadgroup_memory_size) {
        g.fail_and_leave(kErrorInternal, text("threadgroup memory of %lu bytes is over the limit of %zu", offset + size, g.threadgroup_memory_size));
    }
    g.threadgroup_memory_used = offset + size;
    g.variables.push_back({id, offset, size});
    return g.local_memory() + offset;
}

EXPORT void metalsim_fail(const char* message) { current_group()->fail_and_leave(kErrorInternal, message); }

/// float to bfloat, to nearest even: clang calls it where the processor has no instruction. A bfloat is returned in the
/// lowest bits of a vector register, and g++ has no type that says so but a vector.
EXPORT __m128i __truncsfbf2(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    bool is_nan = (bits & 0x7fffffff) > 0x7f800000;
    uint32_t rounded = is_nan ? bits >> 16 | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    return _mm_cvtsi32_si128(int(rounded & 0xffff));
}

}  // namespace metalsim

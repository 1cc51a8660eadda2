// What kernel entries and the device know of each other: compiler.h and executor.cpp have the same structures.
#pragma once

struct __lane {
    uint position_in_group[3], group[3], position_in_grid[3], group_size[3], dispatch_group_size[3], grid_size[3], groups[3];
    uint index, lane, simdgroup, simdgroups, simdgroup_size;
};

struct __arguments {
    void device* buffer[31];
    void threadgroup* threadgroup_memory[31];
};

// Values that the active lanes of a simdgroup gave, each in a slot of its own. Whoever comes first may leave a common
// result for the others.
struct __exchange {
    uint active;
    uint has_result;
    ulong unused;
    uchar result[256];
    uchar slot[32][64];
};

extern "C" {
const __lane thread* metalsim_lane();
void metalsim_barrier(uint flags) __attribute__((convergent));
__exchange thread* metalsim_exchange(const void thread* value, uint bytes) __attribute__((convergent));
void metalsim_simdgroup_barrier(uint flags) __attribute__((convergent));
void metalsim_multiply(const float thread* a, const float thread* b, const float thread* c, float thread* d) __attribute__((convergent));
void threadgroup* metalsim_threadgroup_variable(uint id, ulong size);
void metalsim_fail(const char constant* message);
}

namespace metal {

template <class T> METAL_FUNC T __position(const uint thread* p) {
    if constexpr (__elements<T>::count == 1) {
        return (T)p[0];
    } else {
        T r;
        for (int k = 0; k < __elements<T>::count; k++) r[k] = p[k];
        return r;
    }
}

METAL_FUNC void __next_lane(__lane thread* l) {
    l->position_in_group[0]++;
    l->position_in_grid[0]++;
    l->index++;
    l->lane = l->index % 32;
    l->simdgroup = l->index / 32;
}

enum class mem_flags : uint { mem_none = 0, mem_device = 1, mem_threadgroup = 2, mem_texture = 4, mem_threadgroup_imageblock = 8, mem_object_data = 16 };
inline constexpr mem_flags operator|(mem_flags a, mem_flags b) { return (mem_flags)((uint)a | (uint)b); }
METAL_FUNC void threadgroup_barrier(mem_flags flags) { metalsim_barrier((uint)flags); }
METAL_FUNC void simdgroup_barrier(mem_flags flags) { metalsim_simdgroup_barrier((uint)flags); }

}  // namespace metal

using metal::mem_flags;

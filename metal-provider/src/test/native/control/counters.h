// Counters of what the host asked for: they make the host's side of performance measurable without a GPU.
#pragma once

#include <cstdint>

namespace metalsim {

enum class Counter {
    kMessages,        // messages sent, to nil not counted
    kCommandBuffers,  // committed
    kEncoders,        // compute and blit
    kDispatches,
    kThreadgroups,
    kThreads,
    kBarriers,  // memoryBarrierWithScope: and memoryBarrierWithResources:count:
    kFences,    // updateFence: and waitForFence:
    kEvents,    // signals and waits encoded
    kCompiles,  // libraries that clang compiled
    kCacheHits,  // libraries found compiled
    kPipelines,
    kBuffers,  // allocated
    kBytes,    // allocated
    kBlits,
    kCount
};

void count(Counter counter, uint64_t amount = 1);

}  // namespace metalsim

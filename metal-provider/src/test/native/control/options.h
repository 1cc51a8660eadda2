// Options of the simulated device: set by environment variables, and by metalsim_set while it runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace metalsim {

/// The order in which threadgroups, simdgroups and unordered dispatches run. A correct program cannot tell.
enum class Order { kForward, kReversed, kShuffled };

struct Options {
    std::atomic<bool> check{false};   // test every memory access; fixed once there is a device
    std::atomic<bool> poison{false};  // fill new buffers and threadgroup memory with NaN patterns
    std::atomic<bool> trace{false};   // print the log to stderr as it grows
    std::atomic<Order> order{Order::kForward};
    std::atomic<uint64_t> seed{0};

    // The device that is played. The defaults are those of a small Apple GPU.
    std::string architecture = "applegpu_g14s";
    std::atomic<uint64_t> max_threads{1024};  // maxTotalThreadsPerThreadgroup of every pipeline
    std::atomic<uint64_t> threadgroup_memory{32768};
    std::atomic<uint64_t> max_buffer_length{uint64_t(1) << 33};
    std::atomic<uint64_t> working_set{0};  // 0: three quarters of the machine's memory
    std::atomic<uint64_t> wait_seconds{30};  // a wait for an event that takes longer fails its command buffer
};

Options& options();

/// Reads METALSIM_CHECK=1, METALSIM_ORDER=reversed and so on: the options' names in capitals.
void read_environment();

/// Operations that can be made to fail once, by `fault` = `allocate:N` and the like.
enum class InjectedFault { kAllocate, kCompile, kPipeline, kExecute, kCount };

/// Whether this operation is the one that shall fail.
bool fault_due(InjectedFault fault);

/// The MTLCommandBufferError code of an injected execution fault.
long execution_fault_code();

/// Ends the time in which `check` can be set.
void freeze_check_mode();

/// A number that depends on the seed and `salt` alone (splitmix64).
uint64_t mix(uint64_t salt);

}  // namespace metalsim

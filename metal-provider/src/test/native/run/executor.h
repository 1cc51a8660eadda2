// Runs a dispatch on CPU threads: threadgroups in any order, the lanes of a threadgroup as fibers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compile/compiler.h"
#include "metal/buffer.h"

namespace metalsim {

/// A kernel of a compiled library, as a pipeline state holds it.
struct Kernel {
    std::shared_ptr<const Module> module;
    size_t index = 0;
    UInteger max_threads = 1024;
    std::atomic<UInteger> static_threadgroup_memory{0};  // known once it has run

    const KernelInfo& info() const { return module->kernels[index]; }
};

/// What is bound at an index: memory from an offset on, or a copy of bytes.
struct Binding {
    std::shared_ptr<Memory> memory;
    UInteger offset = 0;
    std::shared_ptr<const std::vector<char>> bytes;

    bool is_bound() const { return memory != nullptr || bytes != nullptr; }
};

struct Dispatch {
    std::shared_ptr<Kernel> kernel;
    Binding bindings[31];
    UInteger threadgroup_lengths[31] = {};
    MTLSize groups, group_size, grid;  // grid in threads: smaller than groups * group_size where it ends inside a group
};

/// How a command buffer fails.
struct Failure {
    long code = 0;  // MTLCommandBufferError, 0 for none
    std::string message;
};

constexpr long kErrorInternal = 1, kErrorTimeout = 2, kErrorPageFault = 3, kErrorInvalidResource = 9, kErrorStackOverflow = 12;

/// Runs it to the end, or to its first failure.
Failure execute(const Dispatch& dispatch);

}  // namespace metalsim

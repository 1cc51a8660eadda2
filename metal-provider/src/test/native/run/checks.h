// Check mode: every memory access of a kernel is tested. Kernels are compiled with -fsanitize=thread, whose hooks are ours.
#pragma once

#include <mutex>
#include <vector>

#include "run/executor.h"
#include "run/races.h"

namespace metalsim {

/// What one dispatch may touch.
struct GroupChecks {
    struct Range {
        char *first, *begin, *end;  // of the buffer, of the binding, of both
        int index;
        bool writes;
        Memory* memory;  // null for setBytes
    };
    std::vector<Range> ranges;
    AccessShadow local{65536};  // of threadgroup memory

    explicit GroupChecks(const Dispatch& dispatch);
};

/// How the dispatch that runs now is ordered against earlier ones. Command buffers take turns: see check_mode_turn.
Ordering& current_ordering();

/// The number that the next dispatch or blit will get.
uint32_t next_dispatch_number();

/// Begins a dispatch or blit of the encoder that runs.
void begin_dispatch();

/// A blit's access, as if a thread made it; an empty string where it is in order.
std::string check_blit(Memory& memory, UInteger offset, UInteger size, bool writes);

/// Held while a command buffer executes in check mode.
std::mutex& check_mode_turn();

}  // namespace metalsim

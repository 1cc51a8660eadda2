// Plays a command buffer's operations.
#pragma once

#include "metal/command_buffer.h"

namespace metalsim {

/// Runs them all, or up to the first failure.
Failure run_operations(CommandBuffer& b);

/// Between these a command buffer counts as running; at its commit it is noted what was complete by then.
void note_in_flight(CommandBuffer* b);
void forget_in_flight(CommandBuffer* b);

/// The host learned, from an event, that the dispatches before this number are complete.
void note_host_saw(uint32_t dispatch);

}  // namespace metalsim

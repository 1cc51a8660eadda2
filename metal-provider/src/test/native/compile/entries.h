// The functions by which the device calls kernels, and the description of a library.
#pragma once

#include <string>

#include "compile/translator.h"

namespace metalsim {

/// Text that follows the translated source: a function for each kernel, found by its number. metalsim_entry_N runs one lane,
/// metalsim_row_N a row of them.
std::string entries(const Translation& translation, bool rows);

/// The description of kernels and constants that is compiled into a library, and its reader.
std::string describe(const Translation& translation);
bool read_description(const std::string& description, std::vector<KernelInfo>& kernels, std::vector<Constant>& constants);

}  // namespace metalsim

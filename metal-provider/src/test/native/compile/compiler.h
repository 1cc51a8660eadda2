// From Metal Shading Language source to code that runs: translation, clang, and the cache of what it made.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compile/translator.h"

namespace metalsim {

struct Arguments {  // what a kernel is called with; __arguments of msl/entry.h
    void* buffer[31];
    void* threadgroup_memory[31];
};

struct Lane {  // one thread's place in the grid; __lane of msl/entry.h
    uint32_t position_in_group[3], group[3], position_in_grid[3], group_size[3], dispatch_group_size[3], grid_size[3], groups[3];
    uint32_t index, lane, simdgroup, simdgroups, simdgroup_size;
};

using LaneEntry = void (*)(const Arguments*, const Lane*);
using RowEntry = void (*)(const Arguments*, const Lane*, uint32_t);

/// A compiled library. It stays loaded: its code may be on some stack, and it costs little.
struct Module {
    std::vector<KernelInfo> kernels;
    std::vector<Constant> constants;
    std::vector<LaneEntry> entries;  // for each kernel, this or a row entry
    std::vector<RowEntry> rows;
    const char* code_begin = nullptr;  // the loaded image
    const char* code_end = nullptr;
};

struct CompileOptions {
    std::string macros;                // "#define" lines
    std::map<int, std::string> constants;  // values of function constants, as MSL text
};

/// Compiles, or finds compiled. Returns null with `errors` set to diagnostics in the form that Metal's compiler gives.
std::shared_ptr<const Module> compile(const std::string& source, const CompileOptions& options, std::string& errors);

}  // namespace metalsim

// From Metal Shading Language to what clang compiles as C++ for OpenCL.
#pragma once

#include <string>
#include <vector>

namespace metalsim {

struct Parameter {
    std::string attribute;  // buffer, threadgroup, thread_position_in_grid, ...
    int index = -1;         // of buffers and threadgroup memory
    bool writes = false;    // a device pointer or reference that is not const
    std::string name;
    std::string type;
};

struct Constant {  // constant T name [[function_constant(index)]];
    int index = -1;
    std::string type, name;
};

struct KernelInfo {
    std::string function;            // its name in the text
    std::string host_name;           // what newFunctionWithName: is asked for
    std::string template_arguments;  // "<float, 4>" of an explicit instantiation
    std::string template_header;     // "template <typename T, int N>"
    bool waits = false;              // has a barrier or a collective, so its lanes need stacks of their own
    unsigned max_threads = 0;        // [[max_total_threads_per_threadgroup]], or 0
    std::vector<Parameter> parameters;
};

struct Translation {
    std::string text;
    std::string errors;  // in the form of compiler diagnostics; empty when all went well
    std::vector<KernelInfo> kernels;
    std::vector<Constant> constants;
};

/// Translates preprocessed text. `rows` asks for entries that run a row of lanes in one call, for kernels that do not wait.
Translation translate(const std::string& source, bool rows);

}  // namespace metalsim

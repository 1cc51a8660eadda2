// MTLLibrary, MTLFunction, MTLComputePipelineState and what goes into making them.
#pragma once

#include <memory>

#include "objc/foundation.h"
#include "run/executor.h"

namespace metalsim {

struct Library : Object {
    static constexpr const char* kClass = "MTLLibrary";
    std::shared_ptr<const Module> module;
    std::string source;  // compiled again where function constants get values
    CompileOptions options;
};

struct Function : Object {
    static constexpr const char* kClass = "MTLFunction";
    std::shared_ptr<const Module> module;
    size_t index = 0;
};

struct Pipeline : Object {
    static constexpr const char* kClass = "MTLComputePipelineState";
    std::shared_ptr<Kernel> kernel;
};

}  // namespace metalsim

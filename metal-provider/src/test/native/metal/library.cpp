#include "metal/library.h"

#include <cstring>

#include "control/counters.h"
#include "control/options.h"

namespace metalsim {
namespace {

const char* const kLibraryDomain = "MTLLibraryErrorDomain";
const char* const kPipelineDomain = "AGXMetalG14X";  // the driver's own name, as Apple's GPUs give it
constexpr Integer kCompileFailure = 3, kFunctionNotFound = 5, kPipelineInvalid = 3;

struct LibraryOptions : Object {
    static constexpr const char* kClass = "MTLCompileOptions";
    bool fast_math = true;  // Metal's default
    UInteger math_mode = 2;  // fast
    UInteger math_functions = 0;
    UInteger language_version = 0;
    UInteger optimization = 0;
    UInteger max_threads = 0;
    bool preserve_invariance = false;
};

struct ConstantValues : Object {
    static constexpr const char* kClass = "MTLFunctionConstantValues";
    struct Value {
        UInteger type;
        std::string bytes;
    };
    std::map<UInteger, Value> by_index;
    std::map<std::string, Value> by_name;
};

// MTLDataType: what the scalars are called and how long they are.
struct DataType {
    UInteger code;
    const char* name;
    size_t size;
};
constexpr DataType kDataTypes[] = {{3, "float", 4}, {16, "half", 2}, {29, "int", 4},    {33, "uint", 4},  {37, "short", 2},   {41, "ushort", 2},
                                   {45, "char", 1}, {49, "uchar", 1}, {53, "bool", 1}, {81, "long", 8}, {85, "ulong", 8}, {121, "bfloat", 2}};

const DataType* data_type(UInteger code) {
    for (auto& type : kDataTypes) {
        if (type.code == code) {
            return &type;
        }
    }
    report("MTLFunctionConstantValues: data type %lu is not simulated", code);
    return nullptr;
}

// A constant's value as text: its bits, so that floats stay exact.
std::string literal(const ConstantValues::Value& value) {
    const DataType* type = data_type(value.type);
    if (type == nullptr) {
        return "{}";
    }
    uint64_t bits = 0;
    memcpy(&bits, value.bytes.data(), type->size);
    if (strcmp(type->name, "float") == 0) {
        return text("__builtin_bit_cast(float, %luu)", bits);
    }
    if (strcmp(type->name, "half") == 0 || strcmp(type->name, "bfloat") == 0) {
        return text("__builtin_bit_cast(%s, (ushort)%luu)", type->name, bits);
    }
    if (strcmp(type->name, "bool") == 0) {
        return bits != 0 ? "true" : "false";
    }
    return text("((%s)%luul)", type->name, bits);
}

Library* new_library(String* source, LibraryOptions* given, Object** error) {
    if (source == nullptr) {
        report("newLibraryWithSource:options:error: the source is nil");
        return nullptr;
    }
    if (fault_due(InjectedFault::kCompile)) {
        set_error(error, kLibraryDomain, kCompileFailure, "program_source:1:1: error: injected fault\n");
        return nullptr;
    }
    // Without options Metal compiles with fast math, which this device never does: results would differ on hardware.
    if (options().check && (given == nullptr || (given->fast_math && given->math_mode == 2))) {
        report("newLibraryWithSource: fast math is on, so results may differ on hardware: turn it off");
    }
    CompileOptions compile_options;
    std::string errors;
    auto module = compile(source->characters, compile_options, errors);
    if (module == nullptr) {
        set_error(error, kLibraryDomain, kCompileFailure, errors);
        return nullptr;
    }
    auto* library = make<Library>();
    library->module = module;
    library->source = source->characters;
    library->options = compile_options;
    return library;
}

Function* function_named(const std::shared_ptr<const Module>& module, const std::string& name) {
    for (size_t i = 0; i < module->kernels.size(); i++) {
        if (module->kernels[i].host_name == name) {
            auto* function = make<Function>();
            function->module = module;
            function->index = i;
            return function;
        }
    }
    return nullptr;
}

Function* new_function(Library* self, String* name, ConstantValues* values, Object** error) {
    CompileOptions compile_options = self->options;
    if (values != nullptr) {
        for (auto& constant : self->module->constants) {
            if (auto it = values->by_index.find(UInteger(constant.index)); it != values->by_index.end()) {
                compile_options.constants[constant.index] = literal(it->second);
            } else if (auto named = values->by_name.find(constant.name); named != values->by_name.end()) {
                compile_options.constants[constant.index] = literal(named->second);
            }
        }
    }
    std::string errors;
    auto module = compile_options.constants.empty() ? self->module : compile(self->source, compile_options, errors);
    if (module == nullptr) {
        set_error(error, kLibraryDomain, kCompileFailure, errors);
        return nullptr;
    }
    Function* function = function_named(module, name->characters);
    if (function == nullptr) {
        set_error(error, kLibraryDomain, kFunctionNotFound, "Function " + name->characters + " was not found in the library");
    }
    return function;
}

Pipeline* new_pipeline(Function* function, UInteger max_threads, Object** error) {
    if (function == nullptr) {
        report("newComputePipelineStateWithFunction:error: the function is nil");
        return nullptr;
    }
    if (fault_due(InjectedFault::kPipeline)) {
        set_error(error, kPipelineDomain, kPipelineInvalid, "Compiler encountered an internal error (injected fault)");
        return nullptr;
    }
    count(Counter::kPipelines);
    auto* pipeline = make<Pipeline>();
    pipeline->kernel = std::make_shared<Kernel>();
    pipeline->kernel->module = function->module;
    pipeline->kernel->index = function->index;
    UInteger limit = options().max_threads;
    for (UInteger own : {UInteger(pipeline->kernel->info().max_threads), max_threads}) {
        limit = own != 0 ? std::min(limit, own) : limit;
    }
    pipeline->kernel->max_threads = limit;
    pipeline->label = pipeline->kernel->info().host_name;
    return pipeline;
}

void register_compile_options() {
    const char* c = LibraryOptions::kClass;
    class_method(c, "new", [](Object*, Selector) -> Object* { return make<LibraryOptions>(); });
    class_method(c, "alloc", [](Object*, Selector) -> Object* { return make<LibraryOptions>(); });
    instance_method(c, "setFastMathEnabled:", [](LibraryOptions* self, Selector, bool on) { self->fast_math = on; });
    instance_method(c, "fastMathEnabled", [](LibraryOptions* self, Selector) -> bool { return self->fast_math; });
    instance_method(c, "setMathMode:", [](LibraryOptions* self, Selector, UInteger mode) {
        if (mode > 2) {
            report("setMathMode: %lu is no MTLMathMode", mode);
        }
        self->math_mode = mode;
    });
    instance_method(c, "mathMode", [](LibraryOptions* self, Selector) -> UInteger { return self->math_mode; });
    instance_method(c, "setMathFloatingPointFunctions:", [](LibraryOptions* self, Selector, UInteger f) { self->math_functions = f; });
    instance_method(c, "mathFloatingPointFunctions", [](LibraryOptions* self, Selector) -> UInteger { return self->math_functions; });
    instance_method(c, "setLanguageVersion:", [](LibraryOptions* self, Selector, UInteger version) {
        UInteger major = version >> 16, minor = version & 0xffff;
        if (major < 1 || major > 4 || minor > 4) {
            report("setLanguageVersion: %#lx is no MTLLanguageVersion", version);
        }
        self->language_version = version;
    });
    instance_method(c, "languageVersion", [](LibraryOptions* self, Selector) -> UInteger { return self->language_version; });
    instance_method(c, "setOptimizationLevel:", [](LibraryOptions* self, Selector, UInteger level) { self->optimization = level; });
    instance_method(c, "setPreserveInvariance:", [](LibraryOptions* self, Selector, bool on) { self->preserve_invariance = on; });
    instance_method(c, "setMaxTotalThreadsPerThreadgroup:", [](LibraryOptions* self, Selector, UInteger n) { self->max_threads = n; });
}

void register_constant_values() {
    const char* c = ConstantValues::kClass;
    class_method(c, "new", [](Object*, Selector) -> Object* { return make<ConstantValues>(); });
    class_method(c, "alloc", [](Object*, Selector) -> Object* { return make<ConstantValues>(); });
    instance_method(c, "setConstantValue:type:atIndex:", [](ConstantValues* self, Selector, const char* value, UInteger type, UInteger index) {
        if (const DataType* t = data_type(type)) {
            self->by_index[index] = {type, std::string(value, t->size)};
        }
    });
    instance_method(c, "setConstantValues:type:withRange:", [](ConstantValues* self, Selector, const char* values, UInteger type, NSRange range) {
        if (const DataType* t = data_type(type)) {
            for (UInteger i = 0; i < range.length; i++) {
                self->by_index[range.location + i] = {type, std::string(values + i * t->size, t->size)};
            }
        }
    });
    instance_method(c, "setConstantValue:type:withName:", [](ConstantValues* self, Selector, const char* value, UInteger type, String* name) {
        if (const DataType* t = data_type(type)) {
            self->by_name[name->characters] = {type, std::string(value, t->size)};
        }
    });
    instance_method(c, "reset", [](ConstantValues* self, Selector) {
        self->by_index.clear();
        self->by_name.clear();
    });
}

}  // namespace

void register_libraries() {
    register_compile_options();
    register_constant_values();
    for (const char* name : {Library::kClass, Function::kClass, Pipeline::kClass}) {
        class_named(name, "MTLObject");
    }
    const char* device = "MTLDevice";
    instance_method(device, "newLibraryWithSource:options:error:",
        [](Object*, Selector, String* source, LibraryOptions* given, Object** error) -> Object* {
        return new_library(source, given, error);
    });
    instance_method(device, "newComputePipelineStateWithFunction:error:", [](Object*, Selector, Function* function, Object** error) -> Object* {
        return new_pipeline(function, 0, error);
    });
    const char* c = Library::kClass;
    instance_method(c, "newFunctionWithName:", [](Library* self, Selector, String* name) -> Object* {
        if (options().check && !self->module->constants.empty()) {
            report("newFunctionWithName: the library has function constants: use newFunctionWithName:constantValues:error:");
        }
        return function_named(self->module, name->characters);
    });
    instance_method(c, "newFunctionWithName:constantValues:error:",
        [](Library* self, Selector, String* name, ConstantValues* values, Object** error) -> Object* {
        return new_function(self, name, values, error);
    });
    instance_method(c, "functionNames", [](Library* self, Selector) -> Object* {
        std::vector<Object*> names;
        for (auto& kernel : self->module->kernels) {
            names.push_back(autoreleased(new_string(kernel.host_name)));
        }
        return autoreleased(new_array(names));
    });
    instance_method(Function::kClass, "name", [](Function* self, Selector) -> Object* {
        return autoreleased(new_string(self->module->kernels[self->index].host_name));
    });
    c = Pipeline::kClass;
    instance_method(c, "maxTotalThreadsPerThreadgroup", [](Pipeline* self, Selector) -> UInteger { return self->kernel->max_threads; });
    instance_method(c, "threadExecutionWidth", [](Pipeline*, Selector) -> UInteger { return 32; });
    instance_method(c, "staticThreadgroupMemoryLength", [](Pipeline* self, Selector) -> UInteger { return self->kernel->static_threadgroup_memory; });
}

}  // namespace metalsim

#include "compile/compiler.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <sstream>

#include "compile/entries.h"
#include "compile/lexer.h"
#include "compile/process.h"
#include "control/counters.h"
#include "control/log.h"
#include "control/options.h"

namespace metalsim {
namespace {

const char* const kCompiler = "clang-19";

std::string environment(const char* name, const std::string& otherwise) {
    const char* value = getenv(name);
    return value != nullptr && *value != 0 ? value : otherwise;
}

/// What all compiles share; found out once.
struct Toolchain {
    std::string clang = environment("METALSIM_CLANG", kCompiler);
    std::string headers = library_folder() + "/msl";
    std::string cache = environment("METALSIM_CACHE", library_folder() + "/cache");
    std::string identity;  // of the compiler and the headers: part of every key
    std::vector<std::string> flags;

    Toolchain() {
        make_directories(cache);
        // Floating point must not depend on the machine or on what the optimizer likes: no fused multiply-add unless the
        // source says fma, and half and bfloat are rounded after every operation, as a GPU's registers do.
        flags = {"-x", "clcpp", "-cl-std=clc++2021", "-cl-no-stdinc", "--target=x86_64-linux-gnu",
                 __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("fma") ? "-march=x86-64-v3" : "-march=native",
                 "-O1", "-ffp-contract=off", "-fno-math-errno", "-fwrapv", "-fPIC", "-fno-strict-aliasing", "-fstack-clash-protection",
                 "-Xclang", "-fbfloat16-excess-precision=none", "-Xclang", "-ffloat16-excess-precision=none",
                 "-Xclang", "-cl-ext=-all,+cl_khr_fp16,+__opencl_c_generic_address_space", "-Wno-everything", "-Werror=return-type",
                 "-fno-caret-diagnostics", "-fno-color-diagnostics"};
        // Everything is inlined, as on a GPU: a collective is told from another by its address, and a helper that holds one
        // must not be the same address for two callers.
        flags.insert(flags.end(), {"-finline-functions", "-mllvm", "-inline-threshold=5000"});
        if (options().check) {
            // The hooks of the thread sanitizer, which are ours, see every access.
            flags.insert(flags.end(), {"-fsanitize=thread", "-fno-sanitize-link-runtime", "-D__METALSIM_CHECK__=1"});
        } else {
            flags.insert(flags.end(), {"-fvectorize", "-fslp-vectorize"});
        }
        identity = clang_identity();
        std::vector<std::string> files;
        for (auto& entry : std::filesystem::directory_iterator(headers)) {
            if (entry.is_regular_file()) {
                files.push_back(entry.path().string());
            }
        }
        std::sort(files.begin(), files.end());
        for (auto& file : files) {
            identity += file + "\n" + read_file(file);
        }
        for (auto& flag : flags) {
            identity += " " + flag;
        }
        identity = digest(identity);
    }

    // Path, size and time of the binary: asking it for its version would cost a process in every run.
    std::string clang_identity() const {
        std::istringstream folders(environment("PATH", "/usr/bin"));
        for (std::string folder; std::getline(folders, folder, ':');) {
            char* real = realpath((folder + "/" + clang).c_str(), nullptr);
            struct stat status;
            if (real != nullptr && stat(real, &status) == 0) {
                std::string result = text("%s %ld %ld\n", real, long(status.st_size), long(status.st_mtime));
                free(real);
                return result;
            }
            free(real);
        }
        return "unknown\n";
    }
};

const Toolchain& toolchain() {
    static Toolchain instance;
    return instance;
}

// A name beside `path` that no other thread or process uses.
std::string temporary(const std::string& path) {
    static std::atomic<int> sequence{0};
    return path + "." + std::to_string(getpid()) + "-" + std::to_string(sequence++);
}

// The headers, parsed once: reading them takes most of the time of compiling a small kernel. Null where that failed.
const std::string& precompiled_headers() {
    static std::string path = [] {
        const Toolchain& t = toolchain();
        std::string target = t.cache + "/" + t.identity + ".pch";
        if (!exists(target)) {
            std::vector<std::string> command = {t.clang};
            command.insert(command.end(), t.flags.begin(), t.flags.end());
            std::string made = temporary(target), output;
            command.insert(command.end(), {"-Xclang", "-emit-pch", "-Xclang", "-fno-pch-timestamp", "-c", t.headers + "/metalsim.h", "-o", made});
            if (run_process(command, output) != 0) {
                report("the headers do not compile: %s", output.c_str());
                return std::string();
            }
            rename(made.c_str(), target.c_str());
        }
        return target;
    }();
    return path;
}

bool is_plain_line(std::string_view line) { return line.find("#pragma") == 0; }

// The file that a line includes, or nothing for another directive.
std::string included(std::string_view line) {
    size_t include = line.find("include"), open = line.find('<'), close = line.find('>');
    bool matches = include != std::string_view::npos && open != std::string_view::npos && close != std::string_view::npos && include < open;
    return matches ? std::string(line.substr(open + 1, close - open - 1)) : "";
}

// Macros have to be expanded before kernels can be found. Most sources have none: then clang need not be asked.
bool preprocess(const std::string& source, const CompileOptions& compile_options, const std::string& base, std::string& result, std::string& errors) {
    const Toolchain& t = toolchain();
    if (compile_options.macros.empty() && compile_options.constants.empty()) {
        TokenStream tokens(source);
        result = "# 1 \"program_source\"\n";
        size_t at = 0;
        bool simple = true;
        for (size_t i = 0; i < tokens.size() && simple; i++) {
            if (tokens[i].kind == TokenKind::kDirective) {
                std::string file = included(tokens.spelling(i));
                simple = is_plain_line(tokens.spelling(i)) || (!file.empty() && exists(t.headers + "/include/" + file));
                if (!file.empty()) {
                    result.append(source, at, tokens[i].begin - at);
                    at = tokens[i].end;
                }
            }
        }
        if (simple && source.find("__METAL") == std::string::npos && source.find("__LINE__") == std::string::npos) {
            result.append(source, at, std::string::npos);
            return true;
        }
    }
    std::string defines = compile_options.macros;
    for (auto& [index, value] : compile_options.constants) {
        defines += "#define __METALSIM_CONSTANT_" + std::to_string(index) + " " + value + "\n";
    }
    write_file(base + ".metal", defines + "# 1 \"program_source\"\n" + source);
    int code = run_process({t.clang, "-E", "-x", "c++", "-nostdinc", "-Wno-everything", "-D__METAL_VERSION__=320", "-D__METAL__=1",
                            "-isystem", t.headers + "/include", base + ".metal", "-o", base + ".i", "-fno-caret-diagnostics"},
                           errors);
    result = read_file(base + ".i");
    unlink((base + ".metal").c_str());
    unlink((base + ".i").c_str());
    // The constants' macros are asked for after the translation too.
    result = defines.substr(compile_options.macros.size()) + result;
    return code == 0;
}

bool build(const std::string& source, const CompileOptions& compile_options, const std::string& target, std::string& errors) {
    const Toolchain& t = toolchain();
    std::string base = temporary(target);
    std::string expanded;
    if (!preprocess(source, compile_options, base, expanded, errors)) {
        return false;
    }
    Translation translation = translate(expanded, !options().check);
    if (!translation.errors.empty()) {
        errors = translation.errors;
        return false;
    }
    write_file(base + ".clcpp", translation.text);
    std::vector<std::string> command = {t.clang};
    command.insert(command.end(), t.flags.begin(), t.flags.end());
    if (const std::string& headers = precompiled_headers(); !headers.empty()) {
        command.insert(command.end(), {"-include-pch", headers});
    } else {
        command.insert(command.end(), {"-include", t.headers + "/metalsim.h"});
    }
    // Not to compile and link in one command: clang then does each in another process, and to start one takes longer than to compile a kernel.
    command.insert(command.end(), {"-c", base + ".clcpp", "-o", base + ".o"});
    int code = run_process(command, errors);
    if (code == 0) {
        // Linked to this library by its soname, so that the copy that runs is the one that is found.
        code = run_process({"ld", "-shared", "--eh-frame-hdr", base + ".o", library_folder() + "/libmetalsim.so", "-l:libm.so.6", "-l:libc.so.6", "-o", base + ".so"},
                           errors);
    }
    unlink((base + ".o").c_str());
    unlink((base + (environment("METALSIM_KEEP", "").empty() ? ".clcpp" : ".none")).c_str());
    if (code != 0) {
        if (errors.empty()) {
            errors = "the compiler failed without a message";
        }
        return false;
    }
    return rename((base + ".so").c_str(), target.c_str()) == 0;
}

std::shared_ptr<const Module> load(const std::string& path, std::string& errors) {
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        errors = dlerror();
        return nullptr;
    }
    auto module = std::make_shared<Module>();
    auto* description = static_cast<const char*>(dlsym(handle, "metalsim_description"));
    if (description == nullptr || !read_description(description, module->kernels, module->constants)) {
        errors = path + " is no compiled library";
        return nullptr;
    }
    for (size_t i = 0; i < module->kernels.size(); i++) {
        std::string number = std::to_string(i);
        module->entries.push_back(reinterpret_cast<LaneEntry>(dlsym(handle, ("metalsim_entry_" + number).c_str())));
        module->rows.push_back(reinterpret_cast<RowEntry>(dlsym(handle, ("metalsim_row_" + number).c_str())));
    }
    link_map* map = nullptr;
    dlinfo(handle, RTLD_DI_LINKMAP, &map);
    auto* image = reinterpret_cast<const char*>(map->l_addr);
    auto* header = reinterpret_cast<const ElfW(Ehdr)*>(image);
    auto* segments = reinterpret_cast<const ElfW(Phdr)*>(image + header->e_phoff);
    module->code_begin = module->code_end = image;
    for (int i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD) {
            module->code_end = std::max(module->code_end, image + segments[i].p_vaddr + segments[i].p_memsz);
        }
    }
    return module;
}

// Clang's messages about its own command line and the count of errors say nothing to the author of a kernel.
std::string tidy(const std::string& errors) {
    std::istringstream lines(errors);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("errors generated") == std::string::npos && line.find("error generated") == std::string::npos &&
            line.rfind("In file included from <built-in>", 0) != 0) {
            result += line + "\n";
        }
    }
    return result;
}

}  // namespace

std::shared_ptr<const Module> compile(const std::string& source, const CompileOptions& compile_options, std::string& errors) {
    auto start = std::chrono::steady_clock::now();
    const Toolchain& t = toolchain();
    std::string key = t.identity + "\n" + compile_options.macros + "\n";
    for (auto& [index, value] : compile_options.constants) {
        key += std::to_string(index) + "=" + value + "\n";
    }
    std::string path = t.cache + "/" + digest(key + source) + ".so";
    bool cached = exists(path);
    if (!cached && !build(source, compile_options, path, errors)) {
        errors = tidy(errors);
        return nullptr;
    }
    auto module = load(path, errors);
    if (module == nullptr && cached) {  // a damaged or foreign file
        errors.clear();
        module = build(source, compile_options, path, errors) ? load(path, errors) : nullptr;
        cached = false;
    }
    count(cached ? Counter::kCacheHits : Counter::kCompiles);
    if (options().trace) {
        auto elapsed = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        fprintf(stderr, "[metalsim] %s in %.1f ms\n", cached ? "loaded" : "compiled", elapsed);
    }
    return module;
}

}  // namespace metalsim

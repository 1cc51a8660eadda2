#include "compile/entries.h"

#include <map>
#include <sstream>

#include "compile/lexer.h"

namespace metalsim {
namespace {

// The expression that hands a parameter its value.
std::string argument(const Parameter& p) {
    std::string index = std::to_string(p.index);
    if (p.attribute == "buffer") {
        return p.type.back() == '&' ? "*(" + p.type.substr(0, p.type.size() - 1) + "*)(uintptr_t)__a->buffer[" + index + "]"
                                    : "(" + p.type + ")(uintptr_t)__a->buffer[" + index + "]";
    }
    if (p.attribute == "threadgroup") {
        return p.type.back() == '&' ? "*(" + p.type.substr(0, p.type.size() - 1) + "*)__a->threadgroup_memory[" + index + "]"
                                    : "(" + p.type + ")__a->threadgroup_memory[" + index + "]";
    }
    static const std::map<std::string, std::string> positions = {
        {"thread_position_in_grid", "position_in_grid"},
        {"thread_position_in_threadgroup", "position_in_group"},
        {"threadgroup_position_in_grid", "group"},
        {"threads_per_threadgroup", "group_size"},
        {"dispatch_threads_per_threadgroup", "dispatch_group_size"},
        {"threads_per_grid", "grid_size"},
        {"threadgroups_per_grid", "groups"}};
    static const std::map<std::string, std::string> indices = {
        {"thread_index_in_threadgroup", "index"},        {"thread_index_in_simdgroup", "lane"},
        {"simdgroup_index_in_threadgroup", "simdgroup"}, {"simdgroups_per_threadgroup", "simdgroups"},
        {"dispatch_simdgroups_per_threadgroup", "simdgroups"}, {"threads_per_simdgroup", "simdgroup_size"},
        {"thread_execution_width", "simdgroup_size"}};
    if (auto it = positions.find(p.attribute); it != positions.end()) {
        return "metal::__position<" + p.type + ">(__l->" + it->second + ")";
    }
    if (auto it = indices.find(p.attribute); it != indices.end()) {
        return "(" + p.type + ")__l->" + it->second;
    }
    return "__unknown_attribute_" + p.attribute;
}

std::string call(const KernelInfo& kernel, const std::string& function) {
    std::string result = function + "(";
    for (size_t i = 0; i < kernel.parameters.size(); i++) {
        result += (i == 0 ? "" : ", ") + argument(kernel.parameters[i]);
    }
    return result + ");";
}

// "T, N" of "template <typename T, int N = 4>".
std::string parameter_names(const std::string& header) {
    TokenStream t(header);
    std::string names;
    for (auto [first, last] : t.split_at_commas(2, t.closing(1))) {
        size_t name = first;
        for (size_t i = first; i < last && !t.is(i, "="); i++) {
            name = t.is_identifier(i) ? i : name;
        }
        names += (names.empty() ? "" : ", ") + std::string(t.spelling(name));
    }
    return names;
}

}  // namespace

std::string entries(const Translation& translation, bool rows) {
    std::string text;
    std::map<std::string, bool> wrapped;
    for (size_t n = 0; n < translation.kernels.size(); n++) {
        const KernelInfo& kernel = translation.kernels[n];
        std::string body = call(kernel, kernel.function);
        if (!kernel.template_header.empty()) {
            // Types of parameters may name template parameters, so the call stands in a template too.
            std::string wrapper = "__call_" + kernel.function;
            if (!wrapped[wrapper]) {
                wrapped[wrapper] = true;
                text += kernel.template_header + " METAL_FUNC void " + wrapper + "(const __arguments thread* __a, const __lane thread* __l) { " +
                        call(kernel, kernel.function + "<" + parameter_names(kernel.template_header) + ">") + " }\n";
            }
            body = wrapper + kernel.template_arguments + "(__a, __l);";
        }
        std::string number = std::to_string(n);
        if (rows && !kernel.waits) {
            text += "extern \"C\" void metalsim_row_" + number +
                    "(const __arguments thread* __a, const __lane thread* __first, uint __n) { __lane __copy = *__first; const __lane thread* __l = "
                    "&__copy; for (uint __i = 0; __i < __n; __i++) { " + body + " metal::__next_lane(&__copy); } }\n";
        } else {
            text += "extern \"C\" void metalsim_entry_" + number + "(const __arguments thread* __a, const __lane thread* __l) { " + body + " }\n";
        }
    }
    std::istringstream lines(describe(translation));
    text += "extern \"C\" constant char metalsim_description[] =\n";
    for (std::string line; std::getline(lines, line);) {
        text += "\"";
        for (char c : line) {
            text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        }
        text += "\\n\"\n";
    }
    return text + "\"\";\n";
}

std::string describe(const Translation& translation) {
    std::string result;
    for (auto& kernel : translation.kernels) {
        result += "kernel " + std::to_string(kernel.waits) + " " + std::to_string(kernel.max_threads) + " " + kernel.host_name + "\n";
        for (auto& p : kernel.parameters) {
            result += "parameter " + p.attribute + " " + std::to_string(p.index) + " " + std::to_string(p.writes) + " " + p.name + "\n";
        }
    }
    for (auto& constant : translation.constants) {
        result += "constant " + std::to_string(constant.index) + " " + constant.name + " " + constant.type + "\n";
    }
    return result;
}

bool read_description(const std::string& description, std::vector<KernelInfo>& kernels, std::vector<Constant>& constants) {
    std::istringstream lines(description);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        if (kind == "kernel") {
            KernelInfo kernel;
            words >> kernel.waits >> kernel.max_threads;
            std::getline(words >> std::ws, kernel.host_name);
            kernels.push_back(kernel);
        } else if (kind == "parameter" && !kernels.empty()) {
            Parameter p;
            words >> p.attribute >> p.index >> p.writes >> p.name;
            kernels.back().parameters.push_back(p);
        } else if (kind == "constant") {
            Constant c;
            words >> c.index >> c.name;
            std::getline(words >> std::ws, c.type);
            constants.push_back(c);
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace metalsim

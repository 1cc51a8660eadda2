#include "compile/translator.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "compile/entries.h"
#include "compile/lexer.h"

namespace metalsim {
namespace {

/// A stretch of the source and what stands there instead.
struct Edit {
    size_t begin, end;
    std::string replacement;
};

// Lines must keep their numbers, because diagnostics and __LINE__ show them.
std::string newlines_of(const std::string& text, size_t begin, size_t end) {
    return std::string(std::count(text.begin() + long(begin), text.begin() + long(end), '\n'), '\n');
}

bool is_waiting_function(std::string_view name) {
    return name == "threadgroup_barrier" || name.rfind("simd_", 0) == 0 || name.rfind("simdgroup_", 0) == 0 ||
           name.rfind("quad_", 0) == 0;
}

class Translator {
   public:
    Translator(const std::string& source, bool rows) : source_(source), tokens_(source), rows_(rows) {}

    Translation run() {
        size_t i = 0;
        while (i < tokens_.size()) {
            i = declaration(i);
        }
        mark_waiting_kernels();
        result_.text = apply_edits() + "\n# 1 \"kernel-entries\"\n" + entries(result_, rows_);
        return std::move(result_);
    }

   private:
    // Looks at the token where something may begin, and returns where to look next.
    size_t declaration(size_t i) {
        if (tokens_.is(i, "template") && tokens_.is(i + 1, "<")) {
            size_t close = tokens_.closing(i + 1);
            template_header_ = tokens_.join(i, close + 1);
            template_end_ = close + 1;
            return close + 1;
        }
        if (tokens_.is(i, "template") && tokens_.is(i + 1, "[")) {
            return instantiation(i);
        }
        if (tokens_.is(i, "[") && tokens_.is(i + 1, "[")) {
            return attribute_list(i);
        }
        if (tokens_.is(i, "kernel")) {
            return kernel(i, i + 1, 0);
        }
        if (tokens_.is(i, "threadgroup") && begins_statement(i)) {
            return threadgroup_variable(i);
        }
        if (tokens_.is(i, "constant") && begins_statement(i)) {
            return constant(i);
        }
        return i + 1;
    }

    bool begins_statement(size_t i) const {
        return i == 0 || tokens_.is(i - 1, "{") || tokens_.is(i - 1, "}") || tokens_.is(i - 1, ";") ||
               tokens_[i - 1].kind == TokenKind::kDirective;
    }

    // [[kernel]] and [[kernel, max_total_threads_per_threadgroup(256)]] begin a kernel.
    size_t attribute_list(size_t i) {
        size_t close = tokens_.closing(i);
        bool is_kernel = false;
        unsigned threads = 0;
        for (size_t k = i; k < close; k++) {
            is_kernel |= tokens_.is(k, "kernel");
            if (tokens_.is(k, "max_total_threads_per_threadgroup")) {
                threads = unsigned(integer(k + 2, "max_total_threads_per_threadgroup"));
            }
        }
        if (tokens_.is(close + 1, "kernel")) {
            return kernel(i, close + 2, threads);
        }
        return is_kernel ? kernel(i, close + 1, threads) : close + 1;
    }

    // kernel void name(parameters) { ... }, with `from` after the word that says kernel.
    size_t kernel(size_t begin, size_t from, unsigned max_threads) {
        KernelInfo info;
        info.max_threads = max_threads;
        size_t i = from;
        for (; i < tokens_.size() && !tokens_.is(i, "("); i++) {
            if (tokens_.is(i, "[") && tokens_.is(i + 1, "[")) {
                size_t close = tokens_.closing(i);
                for (size_t k = i; k < close; k++) {
                    if (tokens_.is(k, "max_total_threads_per_threadgroup")) {
                        info.max_threads = unsigned(integer(k + 2, "max_total_threads_per_threadgroup"));
                    }
                }
                i = close;
            } else if (tokens_.is_identifier(i)) {
                info.function = tokens_.spelling(i);
            }
        }
        size_t close = tokens_.closing(i);
        if (close == tokens_.size()) {
            error(begin, "unbalanced parameter list of a kernel");
            return tokens_.size();
        }
        for (auto [first, last] : tokens_.split_at_commas(i + 1, close)) {
            info.parameters.push_back(parameter(info, first, last));
        }
        info.host_name = info.function;
        size_t body = close + 1;
        while (body < tokens_.size() && !tokens_.is(body, "{") && !tokens_.is(body, ";")) {
            body++;
        }
        size_t end = tokens_.is(body, "{") ? tokens_.closing(body) : body;
        bodies_.push_back({info.function, body, end});
        if (template_end_ != 0 && template_end_ == begin) {
            info.template_header = template_header_;
            templates_[info.function] = info;
        } else {
            result_.kernels.push_back(info);
        }
        return close + 1;  // not past the body: it may declare threadgroup variables
    }

    Parameter parameter(const KernelInfo& info, size_t first, size_t last) {
        Parameter p;
        size_t name = last;
        for (size_t i = first; i < last; i++) {
            if (tokens_.is(i, "[") && tokens_.is(i + 1, "[")) {
                name = std::min(name, i);
                size_t close = tokens_.closing(i);
                for (auto [a, b] : tokens_.split_at_commas(i + 2, close - 1)) {
                    std::string attribute(tokens_.spelling(a));
                    if (attribute == "function_constant" || attribute == "maybe_unused") {
                        continue;
                    }
                    p.attribute = attribute;
                    p.index = tokens_.is(a + 1, "(") ? integer(a + 2, attribute) : -1;
                }
                i = close;
            } else if (tokens_.is(i, "=")) {
                name = std::min(name, i);
            }
        }
        p.type = tokens_.join(first, name - 1);
        p.name = tokens_.spelling(name - 1);
        bool indirect = !p.type.empty() && (p.type.back() == '*' || p.type.back() == '&');
        bool read_only = p.type.find("const ") != std::string::npos || p.type.find("constant") != std::string::npos;
        if (p.attribute.empty() && indirect) {  // without an attribute, the next free index
            p.attribute = p.type.find("threadgroup") != std::string::npos ? "threadgroup" : "buffer";
            p.index = 0;
            for (auto& other : info.parameters) {
                p.index = other.attribute == p.attribute ? std::max(p.index, other.index + 1) : p.index;
            }
        }
        if (p.attribute.empty()) {
            error(first, "parameter '" + p.name + "' of kernel '" + info.function + "' has no attribute that says what it is bound to");
        } else if ((p.attribute == "buffer" || p.attribute == "threadgroup") && (p.index < 0 || p.index > 30)) {
            error(first, "'" + p.attribute + "' attribute of parameter '" + p.name + "' is out of bounds: the index must be in 0..30");
        }
        p.writes = p.attribute == "buffer" && !read_only;
        return p;
    }

    // template [[host_name("name")]] [[kernel]] void function<args>(...); the form with decltype likewise.
    size_t instantiation(size_t i) {
        size_t end = i;
        while (end < tokens_.size() && !tokens_.is(end, ";")) {
            end++;
        }
        std::string host;
        KernelInfo info;
        for (size_t k = i; k < end; k++) {
            if (tokens_.is(k, "host_name")) {
                for (size_t s = k + 2; tokens_[s].kind == TokenKind::kString; s++) {  // adjacent literals are one
                    auto literal = tokens_.spelling(s);
                    host += literal.substr(1, literal.size() - 2);
                }
            }
            auto known = templates_.find(std::string(tokens_.spelling(k)));
            if (known != templates_.end() && tokens_.is(k + 1, "<") && info.function.empty()) {
                info = known->second;
                info.template_arguments = tokens_.join(k + 1, tokens_.closing(k + 1) + 1);
            }
        }
        if (host.empty() || info.function.empty()) {
            error(i, host.empty() ? "an explicit instantiation needs [[host_name]]" : "instantiation of a kernel template that is not known");
        }
        info.host_name = host;
        result_.kernels.push_back(info);
        replace(i, end, "");
        return end + 1;
    }

    // threadgroup float a[32], b; : memory of the threadgroup that the device hands out.
    size_t threadgroup_variable(size_t i) {
        size_t end = i;
        while (end < tokens_.size() && !tokens_.is(end, ";")) {
            end++;
        }
        auto declarators = tokens_.split_at_commas(i + 1, end);
        if (declarators.empty()) {
            return i + 1;
        }
        auto [first, last] = declarators[0];
        size_t name = last;
        for (size_t k = first; k < last; k++) {
            if (tokens_.is(k, "<")) {
                k = tokens_.closing(k);
            } else if (tokens_.is(k, "*") || tokens_.is(k, "&") || tokens_.is(k, "(")) {
                return i + 1;  // a pointer, a reference or a function: its address space only
            } else if (tokens_.is(k, "[") || tokens_.is(k, "=")) {
                name = k;
                break;
            }
        }
        std::string type = tokens_.join(first, name - 1);
        std::string text;
        for (size_t d = 0; d < declarators.size(); d++) {
            auto [begin, close] = declarators[d];
            size_t id = d == 0 ? name - 1 : begin;
            std::string n = std::to_string(variables_++);
            text += "typedef " + type + " __threadgroup_type_" + n + tokens_.join(id + 1, close) + "; threadgroup __threadgroup_type_" + n + "& " +
                    std::string(tokens_.spelling(id)) + " = *(threadgroup __threadgroup_type_" + n + "*)metalsim_threadgroup_variable(" + n +
                    ", sizeof(__threadgroup_type_" + n + ")); ";
        }
        replace(i, end, text);
        return end + 1;
    }

    // constant T name [[function_constant(n)]]; takes its value from a macro that the compile defines.
    size_t constant(size_t i) {
        size_t end = i;
        size_t attribute = 0;
        for (; end < tokens_.size() && !tokens_.is(end, ";") && !tokens_.is(end, "{") && !tokens_.is(end, "("); end++) {
            if (tokens_.is(end, "function_constant")) {
                attribute = end;
                break;
            }
        }
        if (attribute == 0) {
            return i + 1;
        }
        Constant c;
        c.index = integer(attribute + 2, "function_constant");
        size_t bracket = attribute - 2;
        c.type = tokens_.join(i + 1, bracket - 1);
        c.name = tokens_.spelling(bracket - 1);
        size_t close = tokens_.closing(bracket);
        std::string n = std::to_string(c.index);
        std::string macro = "__METALSIM_CONSTANT_" + n;
        replace(i, close,
                "\n#ifdef " + macro + "\nconstant constexpr bool __defined_" + c.name + " = true; constant constexpr " + c.type + " " + c.name +
                              " = " + macro + "\n#else\nconstant constexpr bool __defined_" + c.name + " = false; constant constexpr " + c.type + " " +
                              c.name + " = {}\n#endif\n# " + std::to_string(line_of(close)) + " \"program_source\"\n");
        result_.constants.push_back(c);
        return close + 1;
    }

    // A kernel waits if it, or any function of the file that is no kernel, mentions a barrier or a collective. Too much
    // costs a little time and too little would be an error of this device, so functions are not told apart.
    void mark_waiting_kernels() {
        std::map<std::string, bool> waits;
        bool helpers_wait = false;
        for (size_t i = 0; i < tokens_.size(); i++) {
            if (tokens_.is(i, "[") && tokens_.is(i + 1, "[")) {
                i = tokens_.closing(i);
                continue;
            }
            if (!tokens_.is_identifier(i) || !is_waiting_function(tokens_.spelling(i))) {
                continue;
            }
            auto body = std::find_if(bodies_.begin(), bodies_.end(), [&](const Body& b) { return b.begin < i && i < b.end; });
            if (body == bodies_.end()) {
                helpers_wait = true;
            } else {
                waits[body->function] = true;
            }
        }
        for (auto& kernel : result_.kernels) {
            kernel.waits = helpers_wait || waits[kernel.function];
        }
    }

    int integer(size_t i, std::string_view what) {
        char* end = nullptr;
        std::string spelling(tokens_.spelling(i));
        long value = strtol(spelling.c_str(), &end, 0);
        if (tokens_[i].kind != TokenKind::kNumber || (*end != 0 && *end != 'u') || !tokens_.is(i + 1, ")")) {
            error(i, "the argument of '" + std::string(what) + "' must be an integer literal here");
            return 0;
        }
        return int(value);
    }

    size_t line_of(size_t token) const {
        size_t line = 1;
        for (size_t i = 0; i < token; i++) {
            if (tokens_[i].kind == TokenKind::kDirective && source_.compare(tokens_[i].begin, 2, "# ") == 0) {
                line = size_t(atol(source_.c_str() + tokens_[i].begin + 2)) -
                       1;  // the directive's own line end adds one
            }
            line += size_t(std::count(source_.begin() + long(tokens_[i].begin), source_.begin() + long(tokens_[i + 1].begin), '\n'));
        }
        return line;
    }

    void error(size_t token, const std::string& message) {
        result_.errors += "program_source:" + std::to_string(line_of(token)) + ": error: " + message + "\n";
    }

    // Tokens [first, last] become the text, with the newlines that were there.
    void replace(size_t first, size_t last, const std::string& text) {
        size_t begin = tokens_[first].begin, end = tokens_[last].end;
        edits_.push_back({begin, end, text + newlines_of(source_, begin, end)});
    }

    std::string apply_edits() const {
        std::string text;
        size_t at = 0;
        for (auto& edit : edits_) {
            text.append(source_, at, edit.begin - at);
            text += edit.replacement;
            at = edit.end;
        }
        return text.append(source_, at, std::string::npos);
    }

    struct Body {
        std::string function;
        size_t begin, end;
    };

    const std::string& source_;
    TokenStream tokens_;
    bool rows_;
    Translation result_;
    std::vector<Edit> edits_;
    std::vector<Body> bodies_;
    std::map<std::string, KernelInfo> templates_;
    std::string template_header_;
    size_t template_end_ = 0;  // the token after the latest template header
    int variables_ = 0;
};

}  // namespace

Translation translate(const std::string& source, bool rows) { return Translator(source, rows).run(); }

}  // namespace metalsim

#include "control/options.h"

#include <cstdlib>
#include <cstring>
#include <mutex>

#include "control/log.h"

namespace metalsim {
namespace {

std::mutex lock;
bool check_mode_is_fixed = false;
std::atomic<int64_t> faults_left[size_t(InjectedFault::kCount)];
std::atomic<long> execute_code{1};

bool is_on(const std::string& value) { return value == "1" || value == "on" || value == "true"; }

bool set_switch(std::atomic<bool>& target, const std::string& value) {
    if (!is_on(value) && value != "0" && value != "off" && value != "false") {
        return false;
    }
    target = is_on(value);
    return true;
}

bool set_number(std::atomic<uint64_t>& target, const std::string& value) {
    char* end = nullptr;
    uint64_t number = strtoull(value.c_str(), &end, 0);
    if (value.empty() || *end != 0) {
        return false;
    }
    target = number;
    return true;
}

bool set_order(const std::string& value) {
    Options& o = options();
    if (value == "forward") {
        o.order = Order::kForward;
    } else if (value == "reversed") {
        o.order = Order::kReversed;
    } else if (value.rfind("shuffled", 0) == 0) {
        o.seed = 1;
        if (value.size() > 8 && (value[8] != ':' || !set_number(o.seed, value.substr(9)))) {
            return false;
        }
        o.order = Order::kShuffled;
    } else {
        return false;
    }
    return true;
}

// KIND:N, the N-th next operation of that kind fails, or execute:N:CODE, or none.
bool set_fault(const std::string& value) {
    static const char* const kinds[] = {"allocate", "compile", "pipeline", "execute"};
    if (value == "none") {
        for (auto& left : faults_left) {
            left = 0;
        }
        return true;
    }
    size_t colon = value.find(':');
    for (size_t kind = 0; kind < size_t(InjectedFault::kCount); kind++) {
        if (value.substr(0, colon) == kinds[kind]) {
            char* end = nullptr;
            long count = colon == std::string::npos ? 1 : strtol(value.c_str() + colon + 1, &end, 10);
            execute_code = end != nullptr && *end == ':' ? strtol(end + 1, &end, 10) : 1;
            faults_left[kind] = count;
            return count > 0 && (end == nullptr || *end == 0);
        }
    }
    return false;
}

bool set_check(const std::string& value) {
    bool before = options().check;
    if (check_mode_is_fixed && is_on(value) != before) {
        return false;
    }
    return set_switch(options().check, value) && (!options().check || set_switch(options().poison, "on"));
}

bool set(const std::string& option, const std::string& value) {
    std::lock_guard guard(lock);
    Options& o = options();
    if (option == "check") return set_check(value);
    if (option == "poison") return set_switch(o.poison, value);
    if (option == "trace") return set_switch(o.trace, value);
    if (option == "order") return set_order(value);
    if (option == "fault") return set_fault(value);
    if (option == "maxThreads") return set_number(o.max_threads, value);
    if (option == "threadgroupMemory") return set_number(o.threadgroup_memory, value);
    if (option == "maxBufferLength") return set_number(o.max_buffer_length, value);
    if (option == "workingSet") return set_number(o.working_set, value);
    if (option == "waitSeconds") return set_number(o.wait_seconds, value);
    if (option == "architecture") {
        o.architecture = value;
        return !value.empty();
    }
    return false;
}

}  // namespace

void read_environment() {
    for (const char* option : {"check", "poison", "trace", "order", "fault", "architecture"}) {
        std::string variable = "METALSIM_";
        for (const char* c = option; *c; c++) {
            variable += char(toupper(*c));
        }
        const char* value = getenv(variable.c_str());
        if (value != nullptr && *value != 0 && !set(option, value)) {
            report("%s=%s is no valid setting", variable.c_str(), value);
        }
    }
}

Options& options() {
    static Options instance;
    return instance;
}

bool fault_due(InjectedFault fault) {
    auto& left = faults_left[size_t(fault)];
    return left > 0 && --left == 0;
}

long execution_fault_code() { return execute_code; }

void freeze_check_mode() {
    std::lock_guard guard(lock);
    check_mode_is_fixed = true;
}

uint64_t mix(uint64_t salt) {
    uint64_t z = options().seed + (salt + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Sets an option. Returns 0, or -1 for an unknown option, a malformed value, or `check` after the first device.
EXPORT int metalsim_set(const char* option, const char* value) {
    return option != nullptr && value != nullptr && set(option, value) ? 0 : -1;
}

}  // namespace metalsim

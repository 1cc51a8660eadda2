#include "compile/process.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "control/log.h"

extern char** environ;

namespace metalsim {

int run_process(const std::vector<std::string>& arguments, std::string& output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    std::vector<char*> argv;
    for (auto& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    pid_t child;
    int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        output = arguments[0] + " cannot be started";
        return -1;
    }
    char buffer[1 << 16];
    for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) != 0;) {
        if (n > 0) {
            output.append(buffer, size_t(n));
        } else if (errno != EINTR) {
            break;
        }
    }
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

void write_file(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

void make_directories(const std::string& path) {
    std::error_code ignored;
    std::filesystem::create_directories(path, ignored);
}

std::string library_folder() {
    Dl_info info;
    dladdr(reinterpret_cast<void*>(&library_folder), &info);
    return std::filesystem::absolute(info.dli_fname).parent_path().string();
}

std::string digest(const std::string& content) {
    uint64_t a = 0xcbf29ce484222325u, b = 0x9ae16a3b2f90404fu;
    for (unsigned char c : content) {
        a = (a ^ c) * 0x100000001b3u;
        b = (b ^ c ^ 0x5au) * 0x9ddfea08eb382d69u;
        b ^= b >> 29;
    }
    return text("%016lx%016lx", a, b);
}

}  // namespace metalsim

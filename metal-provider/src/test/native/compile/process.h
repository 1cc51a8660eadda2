// Files and child processes.
#pragma once

#include <string>
#include <vector>

namespace metalsim {

/// Runs a program found through PATH and returns its exit code, -1 if it could not be started. `output` gets what it prints.
int run_process(const std::vector<std::string>& arguments, std::string& output);

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& content);
bool exists(const std::string& path);
void make_directories(const std::string& path);

/// The folder of this library.
std::string library_folder();

/// 32 hexadecimal digits that depend on every byte (FNV-1a, twice).
std::string digest(const std::string& content);

}  // namespace metalsim

// The few Foundation classes that Metal's interface shows, and blocks.
#pragma once

#include <string>
#include <vector>

#include "objc/runtime.h"

namespace metalsim {

struct String : Object {
    static constexpr const char* kClass = "NSString";
    std::string characters;  // UTF-8
};

struct Error : Object {
    static constexpr const char* kClass = "NSError";
    String* domain = nullptr;
    String* description = nullptr;
    Integer code = 0;
    ~Error() override;
};

struct Array : Object {
    static constexpr const char* kClass = "NSArray";
    std::vector<Object*> elements;
    ~Array() override;
};

/// A block as the compiler lays it out: what Java builds for a completion handler.
struct Block {
    static constexpr int kIsGlobal = 1 << 28;
    void* isa;
    int flags;
    int reserved;
    void (*invoke)();
    void* descriptor;
};

String* new_string(const std::string& characters);
Array* new_array(std::vector<Object*> elements);  // retains the elements
Error* new_error(const char* domain, Integer code, const std::string& description);

/// Stores an autoreleased error, as a method with a trailing `error:` does.
void set_error(Object** place, const char* domain, Integer code, const std::string& description);

/// Reports a block that the real runtime would have to copy: our callers make global ones.
void check_block(const Block* block, const char* method);

}  // namespace metalsim

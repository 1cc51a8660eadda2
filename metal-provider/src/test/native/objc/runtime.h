// The Objective-C runtime, as much of it as Metal's users see: classes, selectors, messages, reference counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "control/log.h"

namespace metalsim {

using UInteger = uint64_t;    // NSUInteger
using Integer = int64_t;      // NSInteger
using Selector = const char*;  // interned: equal names have equal addresses
using Method = void (*)();

struct MTLSize {
    UInteger width, height, depth;
};

struct NSRange {
    UInteger location, length;
};

struct Object;

struct Class {
    std::string name;
    Class* super;
    std::unordered_map<Selector, Method> instance_methods, class_methods;
    Object* object;  // what objc_getClass returns
};

/// The header of every object that can be sent a message. Objects are made by `make` and die in `release`.
struct Object {
    static constexpr uint64_t kAlive = 0x6c61626a65637421;

    Class* isa = nullptr;
    volatile uint64_t alive = kAlive;
    std::atomic<int> references{1};
    bool is_class = false;
    bool immortal = false;  // the device and the classes
    std::string label;

    virtual ~Object() = default;
};

/// The class of that name, made at its first mention.
Class* class_named(const char* name, const char* super = "NSObject");

/// Enters a new object into the table of live ones.
void adopt(Object* object, const char* class_name);

/// A new object with one reference that the caller owns. T::kClass names its class.
template <class T>
T* make() {
    T* object = new T;
    adopt(object, T::kClass);
    return object;
}

Object* retain(Object* object);
void release(Object* object);
Object* autorelease(Object* object);

template <class T>
T* retained(T* object) {
    retain(object);
    return object;
}

template <class T>
T* autoreleased(T* object) {
    autorelease(object);
    return object;
}

/// Whether the pointer is an object that was made and not yet deallocated.
bool is_alive(const Object* object);

/// Adds methods to a class: a lambda without captures, whose first parameters are self and the selector.
void add_method(const char* class_name, Selector selector, Method method, bool of_class);

template <class F>
void instance_method(const char* class_name, const char* selector, F lambda) {
    add_method(class_name, selector, reinterpret_cast<Method>(+lambda), false);
}

template <class F>
void class_method(const char* class_name, const char* selector, F lambda) {
    add_method(class_name, selector, reinterpret_cast<Method>(+lambda), true);
}

// Each file that has classes registers them here; load.cpp calls them all when the library is loaded.
void register_foundation();
void register_device();
void register_buffers();
void register_libraries();
void register_command_buffers();
void register_compute_encoder();
void register_blit_encoder();
void register_events();
void register_residency();

}  // namespace metalsim

#include "objc/runtime.h"

#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "control/counters.h"
#include "control/options.h"

namespace metalsim {
namespace {

// Deallocated objects keep their memory for a while, so that a message to one is seen and not a crash.
constexpr size_t kZombies = 1 << 14;

struct Tables {
    std::mutex lock;
    std::map<std::string, Class*> classes;
    std::set<std::string> selectors;
    std::unordered_map<const Object*, Class*> alive;
    std::unordered_map<const Object*, Class*> dead;
    std::deque<Object*> zombies;  // oldest first
};

// Never destroyed: messages may come while the process exits.
Tables& tables() {
    static auto* instance = new Tables;
    return *instance;
}

Selector intern(const char* name) { return tables().selectors.insert(name).first->c_str(); }

Method find(const Class* c, bool of_class, Selector selector) {
    for (; c != nullptr; c = c->super) {
        auto& methods = of_class ? c->class_methods : c->instance_methods;
        auto it = methods.find(selector);
        if (it != methods.end()) {
            return it->second;
        }
    }
    return nullptr;
}

// Classes do not change once the library is loaded, so each thread remembers what it found.
struct CachedMethod {
    const Class* isa = nullptr;
    Selector selector = nullptr;
    bool of_class = false;
    Method method = nullptr;
};
thread_local CachedMethod method_cache[256];

CachedMethod& cache_slot(const Object* self, Selector selector) {
    auto hash = (reinterpret_cast<uintptr_t>(self->isa) >> 4) ^ (reinterpret_cast<uintptr_t>(selector) >> 3);
    return method_cache[(hash ^ (hash >> 8)) & 255];
}

extern "C" __attribute__((visibility("hidden"))) void metalsim_nil_method();  // message.S: returns zeros

}  // namespace

Class* class_named(const char* name, const char* super) {
    auto& classes = tables().classes;
    auto it = classes.find(name);
    if (it != classes.end()) {
        return it->second;
    }
    Class* parent = strcmp(name, "NSObject") == 0 ? nullptr : class_named(super);
    auto* c = new Class{name, parent, {}, {}, nullptr};
    c->object = new Object;
    c->object->isa = c;
    c->object->is_class = true;
    c->object->immortal = true;
    classes[name] = c;
    tables().alive[c->object] = c;
    return c;
}

void add_method(const char* class_name, Selector selector, Method method, bool of_class) {
    Tables& t = tables();
    std::lock_guard guard(t.lock);
    Class* c = class_named(class_name);
    (of_class ? c->class_methods : c->instance_methods)[intern(selector)] = method;
}

void adopt(Object* object, const char* class_name) {
    Tables& t = tables();
    std::lock_guard guard(t.lock);
    object->isa = class_named(class_name);
    t.alive[object] = object->isa;
    t.dead.erase(object);
}

bool is_alive(const Object* object) {
    Tables& t = tables();
    std::lock_guard guard(t.lock);
    return t.alive.count(object) != 0;
}

Object* retain(Object* object) {
    if (object != nullptr && !object->immortal) {
        object->references.fetch_add(1, std::memory_order_relaxed);
    }
    return object;
}

void release(Object* object) {
    if (object == nullptr || object->immortal) {
        return;
    }
    Tables& t = tables();
    {
        std::lock_guard guard(t.lock);
        if (t.alive.count(object) == 0) {
            auto dead = t.dead.find(object);
            report("over-release: release of %s %p", dead == t.dead.end() ? "no object" : ("deallocated " + dead->second->name).c_str(),
                   static_cast<void*>(object));
            return;
        }
        if (object->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            return;
        }
        t.alive.erase(object);
        t.dead[object] = object->isa;
    }
    object->~Object();  // its memory stays, as a zombie
    object->alive = 0;
    Object* oldest = nullptr;
    {
        std::lock_guard guard(t.lock);
        t.zombies.push_back(object);
        if (t.zombies.size() > kZombies) {
            oldest = t.zombies.front();
            t.zombies.pop_front();
            t.dead.erase(oldest);
        }
    }
    ::operator delete(oldest);
}

EXPORT Selector sel_registerName(const char* name) {
    std::lock_guard guard(tables().lock);
    return intern(name);
}

EXPORT const char* sel_getName(Selector selector) { return selector; }

EXPORT Object* objc_getClass(const char* name) {
    std::lock_guard guard(tables().lock);
    auto it = tables().classes.find(name);
    return it == tables().classes.end() ? nullptr : it->second->object;
}

EXPORT Object* objc_retain(Object* object) { return retain(object); }
EXPORT void objc_release(Object* object) { release(object); }

/// Called by objc_msgSend with a receiver that is not nil: the function to jump to.
extern "C" __attribute__((visibility("hidden"))) Method metalsim_find_method(Object* self, Selector selector) {
    count(Counter::kMessages);
    // In check mode the pointer may be anything, so it is looked up before it is read.
    if (options().check ? !is_alive(self) : self->alive != Object::kAlive) {
        Tables& t = tables();
        std::lock_guard guard(t.lock);
        auto dead = t.dead.find(self);
        report("message '%s' sent to %s %p", selector,
               dead == t.dead.end() ? "a pointer that is no object" : ("deallocated " + dead->second->name).c_str(),
               static_cast<void*>(self));
        return metalsim_nil_method;
    }
    CachedMethod& slot = cache_slot(self, selector);
    if (slot.isa == self->isa && slot.selector == selector && slot.of_class == self->is_class) {
        return slot.method;
    }
    Method method = find(self->isa, self->is_class, selector);
    if (method == nullptr) {
        report("unrecognized selector %c[%s %s]", self->is_class ? '+' : '-', self->isa->name.c_str(), selector);
        return metalsim_nil_method;
    }
    slot = {self->isa, selector, self->is_class, method};
    return method;
}

/// Whether instances of the class, or its subclasses' parents, have a method for the selector.
EXPORT bool class_respondsToSelector(Object* c, Selector selector) {
    return c != nullptr && c->is_class && find(c->isa, false, selector) != nullptr;
}

/// Writes "Class:count" of the objects alive, classes and the device left out, and returns how many there are.
EXPORT uint64_t metalsim_live_objects(char* buffer, uint64_t size) {
    Tables& t = tables();
    std::lock_guard guard(t.lock);
    std::map<std::string, int> counts;
    uint64_t total = 0;
    for (auto& [object, c] : t.alive) {
        if (!object->immortal) {
            counts[c->name]++;
            total++;
        }
    }
    std::string line;
    for (auto& [name, n] : counts) {
        line += (line.empty() ? "" : " ") + name + ":" + std::to_string(n);
    }
    if (buffer != nullptr) {
        snprintf(buffer, size, "%s", line.c_str());
    }
    return total;
}

/// Writes "Class<tab>-<tab>selector" lines of everything implemented (+ for class methods); returns their length.
EXPORT uint64_t metalsim_selectors(char* buffer, uint64_t size) {
    Tables& t = tables();
    std::lock_guard guard(t.lock);
    std::set<std::string> lines;
    for (auto& [name, c] : t.classes) {
        for (auto& method : c->instance_methods) {
            lines.insert(name + "\t-\t" + method.first + "\n");
        }
        for (auto& method : c->class_methods) {
            lines.insert(name + "\t+\t" + method.first + "\n");
        }
    }
    std::string all;
    for (auto& line : lines) {
        all += line;
    }
    if (buffer != nullptr) {
        snprintf(buffer, size, "%s", all.c_str());
    }
    return all.size();
}

}  // namespace metalsim

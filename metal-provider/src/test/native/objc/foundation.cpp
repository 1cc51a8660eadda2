#include "objc/foundation.h"

#include <cstring>

namespace metalsim {
namespace {

struct AutoreleasePool : Object {
    static constexpr const char* kClass = "NSAutoreleasePool";
    void* mark = nullptr;
};

struct PoolFrame {
    std::vector<Object*> objects;
};
thread_local std::vector<PoolFrame*> pools;

/// Length in UTF-16 code units, which is what NSString counts.
UInteger utf16_length(const std::string& utf8) {
    UInteger length = 0;
    for (unsigned char c : utf8) {
        length += (c & 0xc0) == 0x80 ? 0 : c >= 0xf0 ? 2 : 1;
    }
    return length;
}

constexpr UInteger kAscii = 1, kUtf8 = 4;

Object* init_with_bytes(String* self, const char* bytes, UInteger length, UInteger encoding) {
    if (encoding != kUtf8 && encoding != kAscii) {
        report("-[NSString initWithBytes:length:encoding:]: encoding %lu is not simulated, only UTF-8 is", encoding);
    }
    self->characters.assign(bytes, length);
    return self;
}

void register_object() {
    const char* c = "NSObject";
    instance_method(c, "retain", [](Object* self, Selector) -> Object* { return retain(self); });
    instance_method(c, "release", [](Object* self, Selector) { release(self); });
    instance_method(c, "autorelease", [](Object* self, Selector) -> Object* { return autorelease(self); });
    instance_method(c, "retainCount", [](Object* self, Selector) -> UInteger { return self->references; });
    instance_method(c, "init", [](Object* self, Selector) -> Object* { return self; });
    instance_method(c, "class", [](Object* self, Selector) -> Object* { return self->isa->object; });
    instance_method(c, "hash", [](Object* self, Selector) -> UInteger { return reinterpret_cast<UInteger>(self); });
    instance_method(c, "isEqual:", [](Object* self, Selector, Object* other) -> bool { return self == other; });
    instance_method(c, "description", [](Object* self, Selector) -> Object* {
        return autoreleased(new_string("<" + self->isa->name + text(": %p>", static_cast<void*>(self))));
    });
    instance_method(c, "respondsToSelector:", [](Object* self, Selector, Selector selector) -> bool {
        for (Class* i = self->isa; i != nullptr; i = i->super) {
            if ((self->is_class ? i->class_methods : i->instance_methods).count(selector) != 0) {
                return true;
            }
        }
        return false;
    });
    // Every object that Metal hands out is labelled.
    class_named("MTLObject");
    instance_method("MTLObject", "setLabel:", [](Object* self, Selector, String* label) {
        self->label = label == nullptr ? "" : label->characters;
    });
    instance_method("MTLObject", "label", [](Object* self, Selector) -> Object* {
        return self->label.empty() ? nullptr : autoreleased(new_string(self->label));
    });
}

void register_string() {
    const char* c = String::kClass;
    class_method(c, "stringWithUTF8String:", [](Object*, Selector, const char* utf8) -> Object* {
        return autoreleased(new_string(utf8));
    });
    class_method(c, "string", [](Object*, Selector) -> Object* { return autoreleased(new_string("")); });
    class_method(c, "alloc", [](Object*, Selector) -> Object* { return new_string(""); });
    class_method(c, "new", [](Object*, Selector) -> Object* { return new_string(""); });
    instance_method(c, "initWithBytes:length:encoding:", [](String* self, Selector, const char* b, UInteger n, UInteger e) -> Object* {
        return init_with_bytes(self, b, n, e);
    });
    instance_method(c, "initWithUTF8String:", [](String* self, Selector, const char* utf8) -> Object* {
        return init_with_bytes(self, utf8, strlen(utf8), kUtf8);
    });
    instance_method(c, "UTF8String", [](String* self, Selector) -> const char* { return self->characters.c_str(); });
    instance_method(c, "description", [](String* self, Selector) -> Object* { return self; });
    instance_method(c, "length", [](String* self, Selector) -> UInteger { return utf16_length(self->characters); });
    instance_method(c, "lengthOfBytesUsingEncoding:", [](String* self, Selector, UInteger) -> UInteger { return self->characters.size(); });
    instance_method(c, "isEqualToString:", [](String* self, Selector, String* other) -> bool {
        return other != nullptr && self->characters == other->characters;
    });
}

void register_error() {
    const char* c = Error::kClass;
    instance_method(c, "domain", [](Error* self, Selector) -> Object* { return self->domain; });
    instance_method(c, "code", [](Error* self, Selector) -> Integer { return self->code; });
    instance_method(c, "localizedDescription", [](Error* self, Selector) -> Object* { return self->description; });
    instance_method(c, "description", [](Error* self, Selector) -> Object* {
        return autoreleased(new_string(text("Error Domain=%s Code=%ld \"%s\"", self->domain->characters.c_str(), self->code,
                                            self->description->characters.c_str())));
    });
}

void register_array() {
    const char* c = Array::kClass;
    instance_method(c, "count", [](Array* self, Selector) -> UInteger { return self->elements.size(); });
    instance_method(c, "objectAtIndex:", [](Array* self, Selector, UInteger index) -> Object* {
        if (index >= self->elements.size()) {
            report("-[NSArray objectAtIndex:]: index %lu beyond bounds [0 .. %zu)", index, self->elements.size());
            return nullptr;
        }
        return self->elements[index];
    });
}

}  // namespace

Error::~Error() {
    release(domain);
    release(description);
}

Array::~Array() {
    for (Object* element : elements) {
        release(element);
    }
}

String* new_string(const std::string& characters) {
    auto* string = make<String>();
    string->characters = characters;
    return string;
}

Array* new_array(std::vector<Object*> elements) {
    auto* array = make<Array>();
    for (Object* element : elements) {
        retain(element);
    }
    array->elements = std::move(elements);
    return array;
}

Error* new_error(const char* domain, Integer code, const std::string& description) {
    auto* error = make<Error>();
    error->domain = new_string(domain);
    error->code = code;
    error->description = new_string(description);
    return error;
}

void set_error(Object** place, const char* domain, Integer code, const std::string& description) {
    if (place != nullptr) {
        *place = autoreleased(new_error(domain, code, description));
    }
}

void check_block(const Block* block, const char* method) {
    if (block == nullptr) {
        report("%s: the block is nil", method);
    } else if ((block->flags & Block::kIsGlobal) == 0) {
        report("%s: a block on the stack, which the real runtime copies and this one does not", method);
    }
}

EXPORT void* objc_autoreleasePoolPush() {
    pools.push_back(new PoolFrame);
    return pools.back();
}

/// Pops every pool down to this one and releases what is in them.
EXPORT void objc_autoreleasePoolPop(void* mark) {
    bool known = false;
    for (PoolFrame* frame : pools) {
        known |= frame == mark;
    }
    if (!known) {
        report("objc_autoreleasePoolPop of a pool that is not on this thread's stack");
        return;
    }
    for (bool last = false; !last;) {
        PoolFrame* frame = pools.back();
        last = frame == mark;
        // A destructor may autorelease: the pool is popped only when it is empty.
        while (!frame->objects.empty()) {
            Object* object = frame->objects.back();
            frame->objects.pop_back();
            release(object);
        }
        pools.pop_back();
        delete frame;
    }
}

Object* autorelease(Object* object) {
    if (object == nullptr || object->immortal) {
        return object;
    }
    if (pools.empty()) {
        report("autorelease of a %s with no pool in place: it leaks", object->isa->name.c_str());
        return object;
    }
    pools.back()->objects.push_back(object);
    return object;
}

extern "C" {
// The addresses that a block's isa holds.
__attribute__((visibility("default"))) void* _NSConcreteGlobalBlock[32] = {nullptr};
__attribute__((visibility("default"))) void* _NSConcreteStackBlock[32] = {nullptr};
}

void register_foundation() {
    register_object();
    register_string();
    register_error();
    register_array();
    const char* c = AutoreleasePool::kClass;
    auto make_pool = [](Object*, Selector) -> Object* {
        auto* pool = make<AutoreleasePool>();
        pool->mark = objc_autoreleasePoolPush();
        return pool;
    };
    class_method(c, "new", make_pool);
    class_method(c, "alloc", make_pool);
    auto drain = [](AutoreleasePool* self, Selector) {
        objc_autoreleasePoolPop(self->mark);
        release(self);
    };
    instance_method(c, "drain", drain);
    instance_method(c, "release", drain);
}

}  // namespace metalsim

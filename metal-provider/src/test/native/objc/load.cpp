// What happens when the library is loaded: options are read and all classes registered.
#include "control/options.h"
#include "objc/runtime.h"

namespace metalsim {
namespace {

__attribute__((constructor)) void initialize() {
    read_environment();
    class_named("NSObject");
    register_foundation();
    register_device();
    register_buffers();
    register_libraries();
    register_command_buffers();
    register_compute_encoder();
    register_blit_encoder();
    register_events();
    register_residency();
}

}  // namespace
}  // namespace metalsim

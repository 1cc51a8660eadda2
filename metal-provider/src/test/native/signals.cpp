#include "signals.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include <mutex>

namespace metalsim {
namespace {

bool (*segv_handler)(const char*) = nullptr;
void (*fpe_handler)(const char*) = nullptr;
struct sigaction before_segv, before_bus, before_fpe;

// Calls what was installed before us, as the kernel would have.
void pass_on(const struct sigaction& before, int signal_number, siginfo_t* info, void* context) {
    if ((before.sa_flags & SA_SIGINFO) != 0) {
        before.sa_sigaction(signal_number, info, context);
    } else if (before.sa_handler == SIG_IGN) {
        return;
    } else if (before.sa_handler != SIG_DFL) {
        before.sa_handler(signal_number);
    } else {
        // The default action, taken when the faulting instruction runs again.
        signal(signal_number, SIG_DFL);
    }
}

void on_segv(int signal_number, siginfo_t* info, void* context) {
    if (!segv_handler(static_cast<const char*>(info->si_addr))) {
        pass_on(signal_number == SIGSEGV ? before_segv : before_bus, signal_number, info, context);
    }
}

void on_fpe(int signal_number, siginfo_t* info, void* context) {
    auto* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    fpe_handler(reinterpret_cast<const char*>(registers[REG_RIP]));
    pass_on(before_fpe, signal_number, info, context);
}

void install(int signal_number, void (*handler)(int, siginfo_t*, void*), struct sigaction* before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    // SA_NODEFER: the handler of a division by zero leaves by switching stacks and never returns.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(signal_number, &action, before);
}

}  // namespace

void install_segv_handler(bool (*handler)(const char*)) {
    static std::once_flag once;
    std::call_once(once, [&] {
        segv_handler = handler;
        install(SIGSEGV, on_segv, &before_segv);
        install(SIGBUS, on_segv, &before_bus);
    });
}

void install_fpe_handler(void (*handler)(const char*)) {
    static std::once_flag once;
    std::call_once(once, [&] {
        fpe_handler = handler;
        install(SIGFPE, on_fpe, &before_fpe);
    });
}

}  // namespace metalsim

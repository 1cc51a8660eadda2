#include "run/signals.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace metalsim {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE};
constexpr int kMostHandlers = 4;

std::mutex lock;
std::atomic<FaultHandler> handlers[kMostHandlers];
struct sigaction before[NSIG];

// Calls what was installed before us, as the kernel would have.
void pass_on(const struct sigaction& action, int signal_number, siginfo_t* info, void* context) {
    if ((action.sa_flags & SA_SIGINFO) != 0) {
        action.sa_sigaction(signal_number, info, context);
    } else if (action.sa_handler == SIG_IGN) {
        return;
    } else if (action.sa_handler != SIG_DFL) {
        action.sa_handler(signal_number);
    } else {
        // The default action, taken when the faulting instruction runs again.
        signal(signal_number, SIG_DFL);
    }
}

void on_signal(int signal_number, siginfo_t* info, void* context) {
    auto* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    Fault fault{static_cast<const char*>(info->si_addr), reinterpret_cast<const char*>(registers[REG_RSP])};
    for (auto& handler : handlers) {
        FaultHandler function = handler;
        if (function != nullptr && function(signal_number, fault)) {
            return;
        }
    }
    pass_on(before[signal_number], signal_number, info, context);
}

void install() {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    // SA_NODEFER: a handler may leave by switching stacks and never return.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (int signal_number : kSignals) {
        sigaction(signal_number, &action, &before[signal_number]);
    }
}

}  // namespace

void add_fault_handler(FaultHandler handler) {
    std::lock_guard guard(lock);
    for (int i = 0; i < kMostHandlers; i++) {
        if (handlers[i] == handler) {
            return;
        }
        if (handlers[i] == nullptr) {
            handlers[i] = handler;
            if (i == 0) {
                install();
            }
            return;
        }
    }
}

void use_signal_stack() {
    struct Stack {
        char memory[64 * 1024];
        Stack() {
            stack_t stack{};
            stack.ss_sp = memory;
            stack.ss_size = sizeof memory;
            sigaltstack(&stack, nullptr);
        }
        ~Stack() {
            stack_t none{};
            none.ss_flags = SS_DISABLE;
            sigaltstack(&none, nullptr);
        }
    };
    thread_local std::unique_ptr<Stack> stack;
    if (stack == nullptr) {
        stack = std::make_unique<Stack>();
    }
}

}  // namespace metalsim

#include "run/executor.h"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "control/counters.h"
#include "control/options.h"
#include "run/checks.h"
#include "run/group.h"
#include "run/signals.h"

namespace metalsim {
namespace {

/// Threads that help with large dispatches. They live as long as the process.
class Helpers {
   public:
    static Helpers& instance() {
        static auto* helpers = new Helpers;
        return *helpers;
    }

    /// Runs the job here and on the helpers, and returns when all have finished it.
    void run(const std::function<void()>& job) {
        std::atomic<int> running{0};
        std::mutex done_lock;
        std::condition_variable done;
        {
            std::lock_guard guard(lock_);
            for (size_t i = 0; i < threads_; i++) {
                running++;
                jobs_.push_back([&] {
                    job();
                    std::lock_guard done_guard(done_lock);
                    if (--running == 0) {
                        done.notify_all();
                    }
                });
            }
        }
        wake_.notify_all();
        job();
        std::unique_lock done_guard(done_lock);
        done.wait(done_guard, [&] { return running == 0; });
    }

   private:
    Helpers() {
        threads_ = std::max(1u, std::thread::hardware_concurrency()) - 1;
        for (size_t i = 0; i < threads_; i++) {
            std::thread([this] { work(); }).detach();
        }
    }

    void work() {
        for (;;) {
            std::function<void()> job;
            {
                std::unique_lock guard(lock_);
                wake_.wait(guard, [&] { return !jobs_.empty(); });
                job = std::move(jobs_.front());
                jobs_.pop_front();
            }
            job();
        }
    }

    std::mutex lock_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    size_t threads_;
};

// One a thread, kept with its stacks and its threadgroup memory.
Group& thread_state() {
    struct Owner {
        Group group;
        ~Owner() {
            for (Fiber* fiber : group.free_fibers) {
                delete fiber;
            }
        }
    };
    thread_local Owner owner;
    return owner.group;
}

// Where threadgroup memory that the encoder gave lengths for lies; variables follow behind.
size_t place_threadgroup_memory(const Dispatch& dispatch, Group& g) {
    size_t top = 0;
    for (int i = 0; i < 31; i++) {
        g.arguments.threadgroup_memory[i] = dispatch.threadgroup_lengths[i] == 0 ? nullptr : g.local_memory() + top;
        top += (dispatch.threadgroup_lengths[i] + 15) & ~UInteger(15);
    }
    return top;
}

Failure check_bindings(const Dispatch& dispatch) {
    const KernelInfo& info = dispatch.kernel->info();
    UInteger threadgroup_memory = 0;
    for (UInteger length : dispatch.threadgroup_lengths) {
        threadgroup_memory += (length + 15) & ~UInteger(15);
    }
    for (const Parameter& p : info.parameters) {
        if (p.attribute == "buffer" && !dispatch.bindings[p.index].is_bound()) {
            return {kErrorInvalidResource, text("missing binding: buffer(%d) '%s' of kernel %s", p.index, p.name.c_str(), info.host_name.c_str())};
        }
        if (p.attribute == "threadgroup" && dispatch.threadgroup_lengths[p.index] == 0) {
            return {kErrorInvalidResource, text("missing setThreadgroupMemoryLength:atIndex: for threadgroup(%d) '%s' of kernel %s", p.index,
                                                p.name.c_str(), info.host_name.c_str())};
        }
    }
    if (threadgroup_memory > options().threadgroup_memory) {
        return {kErrorInvalidResource, text("threadgroup memory of %lu bytes is over the limit of %lu", threadgroup_memory,
                options().threadgroup_memory.load())};
    }
    return {};
}

/// A dispatch on its way through the threads.
struct Run {
    const Dispatch& dispatch;
    Arguments arguments;
    GroupChecks* checks;
    UInteger groups;  // how many
    uint64_t multiplier = 1, offset = 0;  // of the permutation of threadgroups
    std::atomic<UInteger> next{0};
    std::atomic<bool> stop{false};
    std::mutex lock;
    Failure failure;

    explicit Run(const Dispatch& d) : dispatch(d), arguments(), checks(nullptr), groups(d.groups.width * d.groups.height * d.groups.depth) {}
};

// i -> (i * multiplier + offset) mod groups visits every threadgroup once if multiplier and groups have no common divisor.
void choose_order(Run& run) {
    static std::atomic<uint64_t> dispatches{0};
    Order order = options().order;
    if (order == Order::kReversed) {
        run.multiplier = run.groups - 1;
        run.offset = run.groups - 1;
    } else if (order == Order::kShuffled && run.groups > 1) {
        uint64_t salt = dispatches++;
        run.offset = mix(salt) % run.groups;
        auto divisor = [](uint64_t a, uint64_t b) {
            while (b != 0) {
                std::swap(a, b);
                b %= a;
            }
            return a;
        };
        run.multiplier = 1 + mix(salt ^ 0x5bd1e995) % run.groups;
        while (divisor(run.multiplier, run.groups) != 1) {
            run.multiplier++;
        }
    }
}

void set_up_group(Group& g, const Run& run, UInteger number) {
    const Dispatch& d = run.dispatch;
    g.number = number;
    g.position = {number % d.groups.width, number / d.groups.width % d.groups.height, number / d.groups.width / d.groups.height};
    MTLSize origin{g.position.width * d.group_size.width, g.position.height * d.group_size.height, g.position.depth * d.group_size.depth};
    g.size = {std::min(d.group_size.width, d.grid.width - origin.width), std::min(d.group_size.height, d.grid.height - origin.height),
              std::min(d.group_size.depth, d.grid.depth - origin.depth)};
    uint32_t threads = uint32_t(g.size.width * g.size.height * g.size.depth);
    auto triple = [](uint32_t (&place)[3], const MTLSize& s) {
        place[0] = uint32_t(s.width);
        place[1] = uint32_t(s.height);
        place[2] = uint32_t(s.depth);
    };
    Lane lane{};
    triple(lane.group, g.position);
    triple(lane.group_size, g.size);
    triple(lane.dispatch_group_size, d.group_size);
    triple(lane.grid_size, d.grid);
    triple(lane.groups, d.groups);
    triple(lane.position_in_grid, origin);
    lane.simdgroups = (threads + kSimdWidth - 1) / kSimdWidth;
    lane.simdgroup_size = kSimdWidth;
    g.lanes.resize(g.row != nullptr ? 1 : threads);
    if (g.row != nullptr) {
        g.lanes[0].lane = lane;
        g.lanes[0].fiber = nullptr;
        return;
    }
    uint32_t index = 0;
    for (uint32_t z = 0; z < g.size.depth; z++) {
        for (uint32_t y = 0; y < g.size.height; y++) {
            for (uint32_t x = 0; x < g.size.width; x++, index++) {
                LaneRecord& record = g.lanes[index];
                record.state = LaneState::kNew;
                record.fiber = nullptr;
                record.lane = lane;
                uint32_t position[3] = {x, y, z};
                for (int k = 0; k < 3; k++) {
                    record.lane.position_in_group[k] = position[k];
                    record.lane.position_in_grid[k] += position[k];
                }
                record.lane.index = index;
                record.lane.lane = index % kSimdWidth;
                record.lane.simdgroup = index / kSimdWidth;
            }
        }
    }
}

void work(Run& run) {
    const Dispatch& d = run.dispatch;
    Group& g = thread_state();
    if (g.threadgroup_memory == nullptr) {
        g.threadgroup_memory = std::make_unique<char[]>(65536 + 256);
    }
    g.dispatch = &d;
    g.info = &d.kernel->info();
    g.entry = d.kernel->module->entries[d.kernel->index];
    g.row = d.kernel->module->rows[d.kernel->index];
    g.checks = run.checks;
    g.failure = {};
    g.threadgroup_memory_size = std::min<UInteger>(options().threadgroup_memory, 65536);
    g.arguments = run.arguments;
    size_t top = place_threadgroup_memory(d, g);
    use_signal_stack();
    set_current_group(&g);
    size_t most_used = top;
    for (UInteger i; (i = run.next++) < run.groups && !run.stop;) {
        g.variables.clear();
        g.threadgroup_memory_used = top;
        set_up_group(g, run, UInteger((__uint128_t(i) * run.multiplier + run.offset) % run.groups));
        run_group(g);
        most_used = std::max(most_used, g.threadgroup_memory_used);
        if (g.failed()) {
            run.stop = true;
            std::lock_guard guard(run.lock);
            run.failure = run.failure.code == 0 ? g.failure : run.failure;
        }
    }
    UInteger used = most_used - top, before = d.kernel->static_threadgroup_memory;
    while (used > before && !d.kernel->static_threadgroup_memory.compare_exchange_weak(before, used)) {
    }
    set_current_group(nullptr);
}

// What a kernel did that this processor does not survive: the lane ends there, and the process goes on.
bool handle_kernel_fault(int signal_number, const Fault& fault) {
    Group* g = current_group();
    Fiber* fiber = g == nullptr || g->current == nullptr ? nullptr : g->current->fiber;
    if (fiber == nullptr || !fiber->owns(fault.stack_pointer)) {
        return false;
    }
    if (signal_number == SIGFPE) {
        g->fail_and_leave(kErrorInternal, "integer division by zero, or of the least integer by -1: undefined in Metal");
    }
    if (fiber->owns(fault.address) && !fiber->contains(fault.address)) {
        g->fail_and_leave(kErrorStackOverflow, text("the private memory of a thread is over %zu bytes", Fiber::kStackSize));
    }
    g->fail_and_leave(kErrorPageFault, text("access to %p, where no memory is", fault.address));
}

}  // namespace

Failure execute(const Dispatch& dispatch) {
    add_fault_handler(handle_kernel_fault);
    Failure failure = check_bindings(dispatch);
    if (failure.code != 0) {
        return failure;
    }
    Run run(dispatch);
    for (const Parameter& p : dispatch.kernel->info().parameters) {
        if (p.attribute == "buffer") {
            const Binding& b = dispatch.bindings[p.index];
            run.arguments.buffer[p.index] = b.memory != nullptr ? b.memory->device + b.offset : const_cast<char*>(b.bytes->data());
        }
    }
    choose_order(run);
    count(Counter::kThreadgroups, run.groups);
    count(Counter::kThreads, dispatch.grid.width * dispatch.grid.height * dispatch.grid.depth);
    if (options().check) {
        // One thread: the checks compare accesses in the order in which they are made.
        GroupChecks checks(dispatch);
        run.checks = &checks;
        work(run);
    } else if (run.groups > 1 && dispatch.grid.width * dispatch.grid.height * dispatch.grid.depth > 8192) {
        Helpers::instance().run([&] { work(run); });
    } else {
        work(run);
    }
    return run.failure;
}

}  // namespace metalsim

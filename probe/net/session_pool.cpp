#include "probe/net/session_pool.hpp"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "probe/net/session_client.hpp"

namespace plumb::net {
namespace {

// An interrupt ends a run within a second; until then who is in his login may finish it.
constexpr std::chrono::milliseconds kLongestGoodbye{800};

std::atomic<int> threads_with_library{0};

}  // namespace

struct SessionPool::Job {
  SessionOrder order;
  std::unique_ptr<wire::SessionTalk> talk;
  Deadline deadline;

  std::mutex mutex;
  std::optional<Executor> executor;  // empty: nobody waits any more
  std::function<void(SessionEnd)> handler;
  bool begun = false;

  // Whoever waits holds what belongs to the executor: it must not stay with the thread.
  void close() {
    const std::lock_guard lock(mutex);
    executor.reset();
    handler = nullptr;
  }
  bool take_up() {
    const std::lock_guard lock(mutex);
    begun = executor.has_value();
    return begun;
  }
  void tell(SessionEnd end) {
    const std::lock_guard lock(mutex);
    if (!executor) return;
    auto once = std::exchange(handler, nullptr);
    asio::post(*executor,
               [once = std::move(once), end = std::move(end)]() mutable { once(std::move(end)); });
    executor.reset();
  }
};

struct SessionPool::Core {
  std::mutex mutex;
  std::condition_variable idle;
  std::deque<std::shared_ptr<Job>> waiting;
  int running = 0;

  // The next job, or none: then the thread counts no more.
  std::shared_ptr<Job> next() {
    const std::lock_guard lock(mutex);
    if (waiting.empty()) {
      --running;
      idle.notify_all();
      return nullptr;
    }
    auto job = std::move(waiting.front());
    waiting.pop_front();
    return job;
  }
};

namespace {

template <class Core>
void work(const std::shared_ptr<Core>& core) {
  sigset_t all;  // signals are the event loop's
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  ++threads_with_library;
  while (const auto job = core->next())
    if (job->take_up()) job->tell(hold_session(job->order, *job->talk, job->deadline));
  --threads_with_library;
}

template <class Core>
void start_thread(const std::shared_ptr<Core>& core) {
  {
    const std::lock_guard lock(core->mutex);
    if (core->running >= SessionPool::kThreads) return;
    ++core->running;
  }
  try {
    std::thread([core] { work(core); }).detach();
  } catch (const std::system_error&) {  // no thread to be had: those that run take the job
    const std::lock_guard lock(core->mutex);
    --core->running;
  }
}

}  // namespace

SessionPool::Ticket::~Ticket() {
  if (job_) job_->close();
}

bool SessionPool::Ticket::begun() const {
  const std::lock_guard lock(job_->mutex);
  return job_->begun;
}

bool sessions_left() { return threads_with_library > 0; }

SessionPool::SessionPool() : core_(std::make_shared<Core>()) {}

SessionPool::~SessionPool() {
  std::unique_lock lock(core_->mutex);
  core_->waiting.clear();
  core_->idle.wait_for(lock, kLongestGoodbye, [this] { return core_->running == 0; });
}

SessionPool::Ticket SessionPool::begin(SessionOrder order, std::unique_ptr<wire::SessionTalk> talk,
                                       Deadline deadline, Executor executor,
                                       std::function<void(SessionEnd)> handler) {
  const auto job = std::make_shared<Job>();
  job->order = std::move(order);
  job->talk = std::move(talk);
  job->deadline = deadline;
  job->executor = std::move(executor);
  job->handler = std::move(handler);
  {
    const std::lock_guard lock(core_->mutex);
    core_->waiting.push_back(job);
  }
  start_thread(core_);
  return Ticket(job);
}

}  // namespace plumb::net

// Threads for the sessions of the client library, which blocks: few, and never more at once than
// kThreads; who comes later waits within its deadline.
//
// A thread shares nothing with the event loop but a job: its order, its talk and, while somebody
// waits for it, the way to tell him. At the deadline the way is cut under the job's lock and the
// result, whenever it comes, goes with the job. The library is told time-outs in whole seconds, so a
// thread may live a little longer than its deadline; the pool waits for that a moment when it ends. Who
// is not done by then goes on by himself: see sessions_left().
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "probe/net/network.hpp"

namespace plumb::net {

class SessionPool {
 public:
  static constexpr int kThreads = 4;

  SessionPool();
  ~SessionPool();  // lets those under way end, for less than a second
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  struct Job;
  // The waiting of one who ordered a session; its end cuts the way back.
  class Ticket {
   public:
    explicit Ticket(std::shared_ptr<Job> job) : job_(std::move(job)) {}
    ~Ticket();
    Ticket(Ticket&&) = default;
    Ticket& operator=(Ticket&&) = delete;
    bool begun() const;  // a thread has taken it up

   private:
    std::shared_ptr<Job> job_;
  };
  // `handler` is called on the executor, unless the ticket is gone by then.
  [[nodiscard]] Ticket begin(SessionOrder order, std::unique_ptr<wire::SessionTalk> talk,
                             Deadline deadline, Executor executor,
                             std::function<void(SessionEnd)> handler);

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

// Whether a thread of any pool, also of one that is gone, is still with the client library. The
// process must then end without the destructors of its constants, the library's among them.
bool sessions_left();

}  // namespace plumb::net

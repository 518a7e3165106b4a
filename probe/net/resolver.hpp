// Asks resolvers and tells everything that came of it: each configured resolver is asked by itself,
// so that a silent one beside a good one shows. Nobody is asked in another's place.
//
//   question ──► the window: answered for somebody else, and still true   (dns_window.hpp)
//            ├─► the same question under way: both get what comes of it
//            └─► asked, when it is its turn                               (dns_asking.hpp)
//
// What was asked for somebody else is marked as shared. A trouble that is met together is told to
// all who met it, and kept for nobody who comes later.
//
// Not thread-safe; one per shard. Questions that are open when the Resolver goes are dropped: their
// handlers are not called. No handler is called from within ask().
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "probe/net/asio.hpp"
#include "probe/net/dns_question.hpp"

namespace plumb::net {

class Resolver {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Handler = std::function<void(DnsReply&&)>;

  // `rate`: questions a second to one resolver; 0: as many as are asked.
  Resolver(Executor executor, std::optional<Address> source, double rate);
  ~Resolver();

  // `tries`: how long each is waited for; the deadline cuts them, and is moved by the time waited
  // for the rate.
  void ask(DnsQuestion question, const Tries& tries, Time deadline, Handler handler);
  void stop();    // an interrupt: whatever is open ends, cancelled
  void forget();  // what was answered so far: a new run begins

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

}  // namespace plumb::net

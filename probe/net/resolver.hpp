// Asks one resolver one question and tells everything that came of it: each configured resolver is
// asked by itself, so that a silent one beside a good one shows. Nothing is cached and nobody is
// asked in its place.
//
// Waits are ours (`tries`, cut by the deadline), and an answer to an earlier try still counts while
// a later one waits. SERVFAIL and REFUSED are messages. TC is kept and the question asked again
// over TCP; if that fails the UDP message stands. A question for TCP at once is sent once, with the
// time of all tries. A resolver that does not know EDNS (FORMERR) is
// asked without.
//
// Channels are shared by all questions to one resolver and replaced after a while, so that neither
// a port nor a table of ids lives forever. Not thread-safe; one per shard. Questions that are open
// when the Resolver goes are dropped: their handlers are not called. No handler is called from
// within ask().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "probe/net/network.hpp"

namespace plumb::net {

class Resolver {
 public:
  explicit Resolver(asio::any_io_executor executor);
  ~Resolver();

  void ask(DnsQuestion question, std::vector<Micros> tries, Deadline deadline,
           std::optional<Address> source, std::function<void(DnsReply)> handler);

 private:
  class Asking;
  struct Core;
  std::shared_ptr<Core> core_;
};

}  // namespace plumb::net

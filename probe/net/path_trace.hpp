// Where on the way to an address packets stop, told without privileges: TCP SYNs to the very port,
// each with one hop more to live. The router where it dies says so (ICMP time exceeded), and the
// error queue of the connecting socket keeps who said it; raw sockets are not needed, and a
// firewall that lets this port through lets the trace through.
//
// One SYN at a time, each from a socket of its own that is closed before the next one leaves: so
// two connections to the target never exist side by side, and the one that a target accepts is
// handed on, owed its conversation (do no harm). A SYN is waited for 200 ms at most, less than the
// kernel's first repetition. After three silent hops in a row beyond the third the rest is silent,
// too: 30 waits would only tell what the connect before has told.
// Source: ip(7), tcp_v4_err() of Linux; measured in tests/probe/net/path_trace_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/net/asio.hpp"
#include "probe/net/deadline.hpp"
#include "probe/net/tcp_socket.hpp"

namespace plumb::net {

// What one SYN came to.
struct SynOutcome {
  enum class Kind : std::uint8_t {
    accepted,
    refused,  // by the target itself: it was reached
    hop,      // the SYN's life ended at a router, which said so
    barred,   // a device on the way says that it does not let it through
    silent,
    unusable  // nothing was learnt: this host lacks something, or an interrupt
  };
  Kind kind = Kind::silent;
  std::string from;  // of hop and barred: the device
};

// `syn`: as describe_connect left it.
SynOutcome judge_syn(const Observation& syn, const Address& target);

// What the SYNs have told so far.
class PathRecord {
 public:
  void add(const SynOutcome& outcome);
  int next_hops() const {
    return static_cast<int>(hops_.size()) + 1;
  }  // that the next SYN may live
  bool complete() const;
  Facts facts() const;

 private:
  std::vector<std::string> hops_;
  int last_hop_ = 0;
  int silent_in_a_row_ = 0;
  bool reached_ = false, over_ = false;
};

struct TracedPath {
  std::optional<TcpSocket> accepted;
  Observation observation;
  Micros connect_took{0};  // of the accepted one
};
awaitable<TracedPath> trace_path(Executor executor, Poller& poller, Watchlist& list, Endpoint to,
                                 std::optional<Address> from, Watch::Time deadline);

}  // namespace plumb::net

// One way to the target, an address and a port: connect, then one conversation, within the limits
// of the harm budget. What it finds are observations; the order among routes is the runner's
// matter.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/engine/memory.hpp"
#include "probe/engine/password_gate.hpp"
#include "probe/engine/plan.hpp"
#include "probe/engine/trouble.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

struct Route {
  Endpoint endpoint;
  std::optional<Observation> spared;  // the harm budget forbade something: phase local, says what
  std::optional<Observation> connect;
  std::vector<Observation> conversation;
  std::vector<Observation>
      recalled;  // in place of both, where nothing was sent: the last finished login's path
  bool spoke_mysql = false;
  bool password_refused = false;  // now or lately
  bool account_accepted = false;  // in this run

  enum class Step : std::uint8_t { waiting, connecting, conversing, ended };
  Step step = Step::waiting;
  const wire::Exchange* exchange = nullptr;  // while it converses
  net::Deadline deadline{};                  // once it has begun

  net::Deadline moved{};  // when it last came on, as far as anybody has looked
  std::size_t steps_seen = 0;

  void enter(Step next);
  void look();  // has it come on since the last look?
  // A way that waits for `patience` (twice that in a conversation: a server may be slow) is stuck.
  Progress progress(Micros patience) const;
};

// What a route shares with the others of its run; the limits move on by what it waits for admission.
struct RouteContext {
  const Plan& plan;
  net::Network& network;
  Memory& memory;
  net::Deadline deadline;
  net::Deadline patience;  // until when a conversation waits for another's login
  net::Cutoff* cutoff;     // of connects to this route's port; null where there is one port
};

net::awaitable<void> follow(RouteContext context, PasswordGate& gate, Route& route);

}  // namespace plumb::engine

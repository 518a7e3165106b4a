// Whether a session may be held through the client library (design.md §3).
//
// The library connects by name and sends the password to whichever address it takes. So our own
// handshake must have met the TLS policy on every address that getaddrinfo gives for the name in this
// run, and the account must have been accepted on each of them. The library insists on TLS only where
// it verifies chain and name; so, also under a policy that asks for less, our own handshake must have
// proven both. Where the library would go another way than this run went (--connect-to, --source), or
// verify another name, there is no session.
#pragma once

#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "probe/engine/memory.hpp"
#include "probe/engine/plan.hpp"
#include "probe/engine/route.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

// Time-outs of the library are whole seconds: less than this is no time.
inline constexpr std::chrono::seconds kShortestSession{1};

struct NoSession {
  std::string_view reason;  // a word for the fact session.not_held
  std::string_view why;     // a clause for a person
};

inline constexpr NoSession kNoTime{"no-time", "less than a second of the budget was left for it"};

// Is somebody to be asked for a session at all: an account is there, or the purpose needs one.
bool wants_session(const Plan& plan);
// What can be said before any name is looked up.
std::optional<NoSession> forbids_session(const Plan& plan);
// `port`: the target's. `addresses`: what getaddrinfo gives.
std::optional<NoSession> forbids_session(const Plan& plan, const std::list<Route>& routes,
                                         std::uint16_t port, const net::SystemReply& addresses,
                                         const Memory& memory);

net::SessionOrder session_order(const Plan& plan, std::uint16_t port);
Observation not_held(const NoSession& because);

}  // namespace plumb::engine

// A check is a const row: its name, how it talks, the causes it can find, the facts it produces.
// checks/registry.cpp lists them; planner, runner, diagnosis, schema and `plumb causes` read the rows.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "probe/model/cause.hpp"
#include "probe/model/fact.hpp"
#include "probe/model/secret.hpp"
#include "probe/wire/exchange.hpp"
#include "probe/wire/session_talk.hpp"

namespace plumb {

// What one conversation is to do. The password, if any, goes over a channel that met the policy only.
struct Conversation {
  TlsMode tls = TlsMode::preferred;
  Login login;            // whom to log in as, if the channel meets the policy
  Login anonymous;        // whom to log in as otherwise
  bool identify = false;  // ask the server that has accepted the account who it is
  bool without_tls =
      false;  // the harm budget of this address is spent on TLS that does not complete: stay plain
};

struct Check {
  std::string_view name;
  std::span<const Cause> causes;
  std::span<const KeyInfo> facts;
  std::unique_ptr<wire::Exchange> (*exchange)(const Conversation&) =
      nullptr;  // null: no conversation of its own
  // What a session with an account is to find out; null: it needs none.
  std::unique_ptr<wire::SessionTalk> (*session)(Purpose) = nullptr;
};

}  // namespace plumb

// What kind of trouble one way to the target is in, as far as it has come: the question that
// decides which follow-ups can tell something. Pure; also of a way that is still being gone.
#pragma once

#include <optional>
#include <vector>

#include "probe/model/observation.hpp"

namespace plumb::engine {

enum class Trouble : std::uint8_t {
  none,           // the login was answered, or nothing that a follow-up could explain
  silent,         // no answer to the SYN
  refused,        // RST
  barred,         // an ICMP answer of a device on the way
  mute,           // connected, and not one byte
  stranger,       // bytes that are no MySQL
  stalled,        // a TLS handshake that stopped in the middle
  tls_broke,      // TLS did not complete
  cut_off,        // the peer ended the connection early
  plain_refused,  // refused on a channel without TLS that could have had it
};

struct Progress {
  std::optional<Observation> connect;  // absent: it still waits for the SYN-ACK
  std::vector<Observation> steps;      // of the conversation so far
  bool stuck = false;                  // not at its end, and nothing has come for a while
  Phase phase = Phase::connect;        // the step under way
  bool password_refused = false;       // the account's: no follow-up tries it again
};

Trouble trouble_of(const Progress& progress);

}  // namespace plumb::engine

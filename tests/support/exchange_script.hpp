// Plays the other side of an Exchange from a script: what the peer sends turn by turn, how TLS
// ends, how the connection ends. Time advances with the turns only, so cutting a turn into pieces
// changes nothing that an exchange may depend on: `cut_anywhere` holds it to that.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/wire/exchange.hpp"

namespace plumb::test {

struct Script {
  std::vector<wire::Bytes> turns;  // one more each time the exchange has read the last one up
  std::optional<wire::TlsReport> tls = {};  // of StartTls; absent: the connection ends there
  wire::Broken end{Failure::eof, {}, {}};   // after the last turn
};

struct Heard {
  std::vector<wire::Action> actions;  // without the Receives: how often one reads is no matter
  std::vector<Observation> observations;
  wire::Ending ending = wire::Ending::dropped;
  std::optional<wire::LoginAnswer> answer;
  bool finished = false;  // it came to Finish
  std::size_t events = 0;
  std::size_t sent_before_tls = 0;  // how many Sends came before StartTls, or all of them

  std::vector<wire::Bytes> sent() const;
  const Observation* find(Phase phase) const;
};

// How many bytes at most are handed over when `at` bytes were before.
using Cut = std::function<std::size_t(std::size_t at)>;
using Maker = std::function<std::unique_ptr<wire::Exchange>()>;

inline constexpr std::size_t kUncut = static_cast<std::size_t>(-1);

// `break_at`: that event (0 is Started) is a Broken instead.
Heard play(wire::Exchange& exchange, const Script& script, const Cut& cut = {},
           std::optional<std::size_t> break_at = {}, Failure how = Failure::eof);
Heard play(const Maker& make, const Script& script);

// The same script cut once at every byte, and in pieces of one and of seven bytes: empty if all
// goes the same, else what differs.
std::string cut_anywhere(const Maker& make, const Script& script);
// One run for each event in whose place the connection breaks.
std::vector<Heard> breaks_at_every_step(const Maker& make, const Script& script, Failure how);

// "" if equal.
std::string difference(const Heard& a, const Heard& b);

}  // namespace plumb::test

// What the process remembers between runs so that it does no harm (design.md §1.2): how often each
// server address saw us break off, whether its login answers come late (connection_control), the
// last finished login there, and which account's password was refused when.
//
// One Memory per process; `check` begins with an empty one, `wait` keeps it from attempt to
// attempt. Pure bookkeeping: time comes in, nothing is sent. Not thread-safe: one per shard.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probe/engine/account_turn.hpp"
#include "probe/engine/drop_allowance.hpp"
#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/wire/exchange.hpp"

namespace plumb::engine {

using MonoTime = std::chrono::steady_clock::time_point;

class Memory {
 public:
  static constexpr int kMaxDrops = 3;

  enum class Permit : std::uint8_t {
    all,     // nothing held against it
    no_tls,  // drops are spent: only what can be finished, so no TLS
    nothing  // drops are spent and even plain exchanges were dropped, or logins are delayed
  };
  Permit permit(const Endpoint& server, bool anonymous) const;
  // A follow-up's, held to what an anonymous one may: the last drop is the first pass's, or the next attempt of
  // `wait` would have to do without TLS for what a follow-up has spent.
  Permit permit_followup(const Endpoint& server) const;
  // The conversation with `server` ended so. `login_took`: absent without a login answer.
  void note(const Endpoint& server, wire::Ending ending, bool anonymous, bool tls_broke,
            std::optional<Micros> login_took, Micros connect_took);
  int drops(const Endpoint& server) const;
  // Waits until one more conversation with `server` cannot overdraw its budget; who has waited until
  // `limit` is not admitted.
  asio::awaitable<DropAllowance::Pass> admit(asio::any_io_executor executor, Endpoint server,
                                             MonoTime limit = MonoTime::max());
  bool login_delayed(const Endpoint& server) const;

  // `path`: the connect and the conversation on it.
  void keep_last(const Endpoint& server, std::vector<Observation> path, MonoTime when);
  struct Last {
    std::vector<Observation> path;
    MonoTime when;
  };
  const Last* last(const Endpoint& server) const;

  // The account's password was refused by the target `at` with this login. It is not sent again, to
  // whatever target, before `retry_after` has passed; until it is accepted the refusal stands in the
  // evidence of that target, with its age. An account is its user's name (account_turn.hpp).
  struct Refusal {
    std::string at;
    Observation login;
    MonoTime when;
  };
  void note_refused(const std::string& account, Refusal refusal);
  void note_accepted(const std::string& account) { refused_.erase(account); }
  const Refusal* refusal(const std::string& account) const;
  bool may_try(const std::string& account, MonoTime now, std::chrono::seconds retry_after) const;
  AccountTurn& turn(const std::string& account) { return turns_[account]; }
  // What the cloud says of this host: asked once per process, by whoever comes first.
  const std::optional<Observation>& whereabouts() const { return whereabouts_; }
  bool begin_to_locate() { return !std::exchange(locating_, true); }  // false: another asks
  void keep_whereabouts(std::optional<Observation> found);            // empty: not found out
  net::Waiters& waiting_for_whereabouts() { return waiting_for_whereabouts_; }
  void stop();  // an interrupt: nobody waits for a turn any more

 private:
  struct Server {
    int drops = 0;
    int plain_drops = 0;
    int late_in_a_row = 0;
    bool paused = false;
    std::optional<Last> last;
    DropAllowance allowance;
  };
  Permit permit_at(const Endpoint& server, bool anonymous, int most_drops) const;

  std::map<Endpoint, Server> servers_;
  std::map<std::string, Refusal> refused_;
  std::map<std::string, AccountTurn> turns_;
  std::optional<Observation> whereabouts_;
  bool locating_ = false;
  net::Waiters waiting_for_whereabouts_;
};

}  // namespace plumb::engine

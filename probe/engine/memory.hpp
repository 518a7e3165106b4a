// What the process remembers between runs so that it does no harm (design.md §1.2): how often each
// server address saw us break off, whether its login answers come late (connection_control), the
// last finished login there, and which account's password was refused when.
//
// One Memory per process and for all its shards: a budget is the server's, whichever of them comes
// there. `check` begins with an empty one, `wait` keeps it from attempt to attempt. Pure bookkeeping:
// time comes in, nothing is sent. Every call holds a lock for a moment; what it gives is a copy.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
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

  // Which finished logins are kept for when nothing may be sent any more: all of them where targets
  // come again; where each comes once, those at a server that somebody else may still come to harm.
  enum class Keep : std::uint8_t { every_login, where_needed };
  Memory() : Memory(Keep::every_login) {}
  explicit Memory(Keep keep) : keep_(keep) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  enum class Permit : std::uint8_t {
    all,     // nothing held against it
    no_tls,  // drops are spent: only what can be finished, so no TLS
    nothing  // drops are spent and even plain exchanges were dropped, or logins are delayed
  };
  Permit permit(const Endpoint& server, bool anonymous) const;
  // A follow-up's, held to what an anonymous one may: the last drop is the first pass's, or the next
  // attempt of `wait` would have to do without TLS for what a follow-up has spent.
  Permit permit_followup(const Endpoint& server) const;
  // The conversation with `server` ended so. `login_took`: absent without a login answer.
  void note(const Endpoint& server, wire::Ending ending, bool anonymous, bool tls_broke,
            std::optional<Micros> login_took, Micros connect_took);
  int drops(const Endpoint& server) const;
  std::size_t servers_known() const;
  // Waits until one more conversation with `server` cannot overdraw its budget; who has waited until
  // `limit` is not admitted.
  net::awaitable<DropAllowance::Pass> admit(net::Executor executor, Endpoint server,
                                            MonoTime limit = MonoTime::max());
  bool login_delayed(const Endpoint& server) const;

  bool wants_last(const Endpoint& server) const;
  // `path`: the connect and the conversation on it.
  void keep_last(const Endpoint& server, std::vector<Observation> path, MonoTime when);
  struct Last {
    std::vector<Observation> path;
    MonoTime when;
  };
  std::optional<Last> last(const Endpoint& server) const;

  // The account's password was refused by the target `at` with this login. It is not sent again, to
  // whatever target, before `retry_after` has passed; until it is accepted the refusal stands in the
  // evidence of that target, with its age. An account is its user's name (account_turn.hpp).
  struct Refusal {
    std::string at;
    Observation login;
    MonoTime when;
  };
  void note_refused(const std::string& account, Refusal refusal);
  void note_accepted(const std::string& account);
  std::optional<Refusal> refusal(const std::string& account) const;
  bool may_try(const std::string& account, MonoTime now, std::chrono::seconds retry_after) const;
  AccountTurn& turn(const std::string& account);
  // What the cloud says of this host: asked once per process, by whoever comes first.
  std::optional<Observation> whereabouts() const;
  bool begin_to_locate();                                   // false: another asks
  void keep_whereabouts(std::optional<Observation> found);  // empty: not found out
  net::awaitable<void> wait_for_whereabouts(net::Executor executor, MonoTime limit);
  void stop();  // an interrupt: nobody waits for a turn any more

 private:
  static constexpr std::size_t kFewestServers = 1024;
  struct Server {
    explicit Server(net::SpinLock& lock) : allowance(lock) {}
    bool forgettable() const {
      return drops == 0 && late_in_a_row == 0 && !paused && !last && allowance.idle();
    }
    int drops = 0;
    int plain_drops = 0;
    int late_in_a_row = 0;
    bool paused = false;
    std::optional<Last> last;
    DropAllowance allowance;
  };
  Permit permit_at(const Endpoint& server, bool anonymous, int most_drops) const;
  Server& server_at(const Endpoint& server);
  const Server* known(const Endpoint& server) const;

  mutable net::SpinLock lock_;
  const Keep keep_;
  std::unordered_map<Endpoint, Server> servers_;
  std::size_t most_servers_ = kFewestServers;  // before those that are forgettable are looked for
  std::map<std::string, Refusal> refused_;
  std::map<std::string, AccountTurn> turns_;
  std::optional<Observation> whereabouts_;
  bool locating_ = false;
  net::Waiters waiting_for_whereabouts_;
};

}  // namespace plumb::engine

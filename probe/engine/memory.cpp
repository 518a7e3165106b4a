#include "probe/engine/memory.hpp"

#include <algorithm>
#include <utility>

namespace plumb::engine {
namespace {

// MySQL's connection_control begins with a delay of one second; a slow path must not look like it.
constexpr Micros kLate = std::chrono::milliseconds(900);

}  // namespace

const Memory::Server* Memory::known(const Endpoint& server) const {
  const auto at = servers_.find(server);
  return at == servers_.end() ? nullptr : &at->second;
}

// A million addresses that nothing is held against are no million entries.
Memory::Server& Memory::server_at(const Endpoint& server) {
  const auto at = servers_.find(server);
  if (at != servers_.end()) return at->second;
  if (servers_.size() >= most_servers_) {
    std::erase_if(servers_, [](const auto& entry) { return entry.second.forgettable(); });
    most_servers_ = std::max(kFewestServers, 2 * servers_.size());
  }
  return servers_.try_emplace(server, lock_).first->second;
}

Memory::Permit Memory::permit_at(const Endpoint& server, bool anonymous, int most_drops) const {
  const net::Holding held(lock_);
  const Server* at = known(server);
  if (!at) return Permit::all;
  if (at->paused && anonymous) return Permit::nothing;
  if (at->drops < most_drops) return Permit::all;
  return at->plain_drops == 0 ? Permit::no_tls : Permit::nothing;
}

Memory::Permit Memory::permit(const Endpoint& server, bool anonymous) const {
  return permit_at(server, anonymous, kMaxDrops);
}

Memory::Permit Memory::permit_followup(const Endpoint& server) const {
  return permit_at(server, true, kMaxDrops - 1);
}

void Memory::note(const Endpoint& server, wire::Ending ending, bool anonymous, bool tls_broke,
                  std::optional<Micros> login_took, Micros connect_took) {
  const net::Holding held(lock_);
  Server& at = server_at(server);
  if (ending == wire::Ending::dropped) {
    ++at.drops;
    if (!tls_broke) ++at.plain_drops;
  }
  if (!anonymous || !login_took) return;
  const bool late = *login_took > kLate + 2 * connect_took;
  at.late_in_a_row = late ? at.late_in_a_row + 1 : 0;
  if (at.late_in_a_row >= 2) at.paused = true;
}

int Memory::drops(const Endpoint& server) const {
  const net::Holding held(lock_);
  const Server* at = known(server);
  return at ? at->drops : 0;
}

std::size_t Memory::servers_known() const {
  const net::Holding held(lock_);
  return servers_.size();
}

bool Memory::login_delayed(const Endpoint& server) const {
  const net::Holding held(lock_);
  const Server* at = known(server);
  return at && at->paused;
}

bool Memory::wants_last(const Endpoint& server) const {
  if (keep_ == Keep::every_login) return true;
  const net::Holding held(lock_);
  const Server* at = known(server);
  return at && (at->drops > 0 || at->late_in_a_row > 0 || at->paused || at->allowance.shared());
}

void Memory::keep_last(const Endpoint& server, std::vector<Observation> path, MonoTime when) {
  const net::Holding held(lock_);
  server_at(server).last = Last{std::move(path), when};
}

std::optional<Memory::Last> Memory::last(const Endpoint& server) const {
  const net::Holding held(lock_);
  const Server* at = known(server);
  return at ? at->last : std::nullopt;
}

void Memory::note_refused(const std::string& account, Refusal refusal) {
  const net::Holding held(lock_);
  refused_[account] = std::move(refusal);
}

void Memory::note_accepted(const std::string& account) {
  const net::Holding held(lock_);
  refused_.erase(account);
}

std::optional<Memory::Refusal> Memory::refusal(const std::string& account) const {
  const net::Holding held(lock_);
  const auto at = refused_.find(account);
  return at == refused_.end() ? std::nullopt : std::optional(at->second);
}

bool Memory::may_try(const std::string& account, MonoTime now,
                     std::chrono::seconds retry_after) const {
  const net::Holding held(lock_);
  const auto at = refused_.find(account);
  return at == refused_.end() || now - at->second.when >= retry_after;
}

AccountTurn& Memory::turn(const std::string& account) {
  const net::Holding held(lock_);
  return turns_.try_emplace(account, lock_).first->second;
}

net::awaitable<DropAllowance::Pass> Memory::admit(net::Executor executor, Endpoint server,
                                                  MonoTime limit) {
  net::Holding held(lock_);
  Server& at = server_at(server);
  DropAllowance::Pass pass =
      co_await at.allowance.enter(held, executor, at.drops, kMaxDrops, limit);
  co_return pass;
}

std::optional<Observation> Memory::whereabouts() const {
  const net::Holding held(lock_);
  return whereabouts_;
}

bool Memory::begin_to_locate() {
  const net::Holding held(lock_);
  return !std::exchange(locating_, true);
}

void Memory::keep_whereabouts(std::optional<Observation> found) {
  const net::Holding held(lock_);
  whereabouts_ = std::move(found);
  locating_ = false;
  waiting_for_whereabouts_.wake_all();
}

net::awaitable<void> Memory::wait_for_whereabouts(net::Executor executor, MonoTime limit) {
  net::Holding held(lock_);
  if (locating_) co_await waiting_for_whereabouts_.wait(held, executor, limit);
}

void Memory::stop() {
  const net::Holding held(lock_);
  for (auto& [server, known] : servers_) known.allowance.stop();
  for (auto& [account, turn] : turns_) turn.stop();
}

}  // namespace plumb::engine

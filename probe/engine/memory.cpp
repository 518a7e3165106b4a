#include "probe/engine/memory.hpp"

#include <algorithm>
#include <utility>

namespace plumb::engine {
namespace {

// MySQL's connection_control begins with a delay of one second; a slow path must not look like it.
constexpr Micros kLate = std::chrono::milliseconds(900);

}  // namespace

Memory::Permit Memory::permit_at(const Endpoint& server, bool anonymous, int most_drops) const {
  const auto at = servers_.find(server);
  if (at == servers_.end()) return Permit::all;
  const Server& known = at->second;
  if (known.paused && anonymous) return Permit::nothing;
  if (known.drops < most_drops) return Permit::all;
  return known.plain_drops == 0 ? Permit::no_tls : Permit::nothing;
}

Memory::Permit Memory::permit(const Endpoint& server, bool anonymous) const {
  return permit_at(server, anonymous, kMaxDrops);
}

Memory::Permit Memory::permit_followup(const Endpoint& server) const {
  return permit_at(server, true, kMaxDrops - 1);
}

void Memory::note(const Endpoint& server, wire::Ending ending, bool anonymous, bool tls_broke,
                  std::optional<Micros> login_took, Micros connect_took) {
  Server& known = servers_[server];
  if (ending == wire::Ending::dropped) {
    ++known.drops;
    if (!tls_broke) ++known.plain_drops;
  }
  if (!anonymous || !login_took) return;
  const bool late = *login_took > kLate + 2 * connect_took;
  known.late_in_a_row = late ? known.late_in_a_row + 1 : 0;
  if (known.late_in_a_row >= 2) known.paused = true;
}

int Memory::drops(const Endpoint& server) const {
  const auto at = servers_.find(server);
  return at == servers_.end() ? 0 : at->second.drops;
}

bool Memory::login_delayed(const Endpoint& server) const {
  const auto at = servers_.find(server);
  return at != servers_.end() && at->second.paused;
}

void Memory::keep_last(const Endpoint& server, std::vector<Observation> path, MonoTime when) {
  servers_[server].last = Last{std::move(path), when};
}

const Memory::Last* Memory::last(const Endpoint& server) const {
  const auto at = servers_.find(server);
  return at == servers_.end() || !at->second.last ? nullptr : &*at->second.last;
}

void Memory::note_refused(const std::string& account, Refusal refusal) {
  refused_[account] = std::move(refusal);
}

const Memory::Refusal* Memory::refusal(const std::string& account) const {
  const auto at = refused_.find(account);
  return at == refused_.end() ? nullptr : &at->second;
}

bool Memory::may_try(const std::string& account, MonoTime now,
                     std::chrono::seconds retry_after) const {
  const Refusal* known = refusal(account);
  return !known || now - known->when >= retry_after;
}

asio::awaitable<DropAllowance::Pass> Memory::admit(asio::any_io_executor executor, Endpoint server,
                                                   MonoTime limit) {
  Server& known = servers_[server];
  return known.allowance.enter(executor, known.drops, kMaxDrops, limit);
}

void Memory::keep_whereabouts(std::optional<Observation> found) {
  whereabouts_ = std::move(found);
  locating_ = false;
  waiting_for_whereabouts_.wake_all();
}

void Memory::stop() {
  for (auto& [server, known] : servers_) known.allowance.stop();
  for (auto& [account, turn] : turns_) turn.stop();
}

}  // namespace plumb::engine

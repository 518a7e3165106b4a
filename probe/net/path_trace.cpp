#include "probe/net/path_trace.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/net/network.hpp"
#include "probe/net/tcp_connect.hpp"

namespace plumb::net {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr int kMostHops = 30;
constexpr int kAlwaysTried = 3;  // inside a VPC the first hops often say nothing
constexpr int kSilentInARow = 3;
constexpr Micros kShortestWait = milliseconds(20), kLongestWait = milliseconds(200);
constexpr int kWaitsInTime = 8;  // so many silent hops fit into a short deadline
constexpr int kTimeExceededV4 = 11, kTimeExceededV6 = 3;
constexpr int kAsTheSystemHasIt = -1;

int set_hops(TcpSocket& socket, bool v4, int hops) {
  const int fd = socket.fd();
  const int result = v4 ? setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops)
                        : setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops);
  return result == 0 ? 0 : errno;
}

awaitable<Observation> send_syn(TcpSocket& socket, Endpoint to, ConnectOptions options, int hops,
                                Watch& watch) {
  Observation syn;
  syn.endpoint = to.to_string();
  const bool v4 = to.address.is_v4();
  ConnectEnd end{prepare_socket(socket, to, options)};
  if (end.error == 0) end.error = set_hops(socket, v4, hops);
  if (end.error == 0) end = co_await connect_prepared(socket, to, watch);
  describe_connect(socket, end, syn);
  if (end.error == 0) set_hops(socket, v4, kAsTheSystemHasIt);
  co_return syn;
}

// What the SYN that ended the trace has to say for itself.
void take_last(const Observation& syn, SynOutcome::Kind kind, Observation& seen) {
  using Kind = SynOutcome::Kind;
  if (kind == Kind::unusable) {
    seen.failure = syn.failure;
    seen.raw = syn.raw;
  }
  if (kind != Kind::hop && kind != Kind::silent) seen.facts.merge(syn.facts);
}

}  // namespace

SynOutcome judge_syn(const Observation& syn, const Address& target) {
  using Kind = SynOutcome::Kind;
  if (!syn.failure) return {Kind::accepted, {}};
  if (const auto* type = syn.facts.get(key::tcp_icmp_type)) {
    const std::string from = syn.facts.get_or(key::tcp_icmp_from, std::string("*"));
    if (*type == (target.is_v4() ? kTimeExceededV4 : kTimeExceededV6)) return {Kind::hop, from};
    if (from == target.to_string()) return {Kind::refused, {}};
    return {Kind::barred, from};
  }
  if (syn.failure == Failure::refused || syn.failure == Failure::reset) return {Kind::refused, {}};
  if (syn.failure == Failure::timed_out) return {Kind::silent, {}};
  return {Kind::unusable, {}};
}

void PathRecord::add(const SynOutcome& outcome) {
  using Kind = SynOutcome::Kind;
  reached_ = outcome.kind == Kind::accepted || outcome.kind == Kind::refused;
  over_ = reached_ || outcome.kind == Kind::barred || outcome.kind == Kind::unusable;
  if (reached_ || outcome.kind == Kind::unusable) return;  // no router
  const bool silent = outcome.kind == Kind::silent;
  hops_.push_back(silent ? "*" : outcome.from);
  const int number = static_cast<int>(hops_.size());
  if (!silent) last_hop_ = number;
  silent_in_a_row_ = silent && number > kAlwaysTried ? silent_in_a_row_ + 1 : 0;
}

bool PathRecord::complete() const {
  return over_ || silent_in_a_row_ == kSilentInARow || hops_.size() == kMostHops;
}

Facts PathRecord::facts() const {
  Facts facts;
  facts.set(key::path_hops, hops_);
  facts.set(key::path_last_hop, std::int64_t{last_hop_});
  facts.set(key::path_reached, reached_);
  return facts;
}

awaitable<TracedPath> trace_path(Executor executor, Poller& poller, Watchlist& list, Endpoint to,
                                 std::optional<Address> from, Watch::Time deadline) {
  const auto began = Clock::now();
  const auto share = duration_cast<Micros>(deadline - began) / kWaitsInTime;
  const Micros wait = std::clamp(share, kShortestWait, kLongestWait);
  ConnectOptions options;
  options.from = from;
  TracedPath path;
  Observation& seen = path.observation;
  seen = begun(Phase::path, to);
  PathRecord record;
  // A hop that was given less than its wait would count as silent without cause.
  while (!record.complete() && !list.stopping() && Clock::now() + wait <= deadline) {
    TcpSocket socket(poller);
    Watch watch(executor, list, Clock::now() + wait, milliseconds(0),
                [&socket] { socket.cancel(); });
    const auto sent = Clock::now();
    const Observation syn = co_await send_syn(socket, to, options, record.next_hops(), watch);
    const SynOutcome outcome = judge_syn(syn, to.address);
    record.add(outcome);
    if (record.complete()) take_last(syn, outcome.kind, seen);
    if (outcome.kind != SynOutcome::Kind::accepted) continue;
    path.accepted.emplace(std::move(socket));
    path.connect_took = duration_cast<Micros>(Clock::now() - sent);
  }
  if (list.stopping() && !record.complete()) seen.failure = Failure::cancelled;
  if (!seen.failure && !record.complete() && record.next_hops() == 1)
    seen.failure = Failure::timed_out;
  seen.facts.merge(record.facts());
  seen.took = duration_cast<Micros>(Clock::now() - began);
  co_return path;
}

}  // namespace plumb::net

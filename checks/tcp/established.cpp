#include "checks/tcp/established.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/tries.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tcp {
namespace {

using experiment::Path;

bool is_step_of_conversation(const Observation& seen) {
  return seen.phase == Phase::greeting || seen.phase == Phase::tls || seen.phase == Phase::login;
}

// The first step of the first pass with that failure, by its number; 0: none.
template <class Wanted>
int find_step(const Case& about, Wanted wanted) {
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    if (is_step_of_conversation(seen) && wanted(seen)) return n;
  }
  return 0;
}

// Where the conversation at `endpoint` stalled, past the greeting: that one is too small to be lost.
int stall_at(const Case& about, const std::string& endpoint) {
  return find_step(about, [&](const Observation& seen) {
    return seen.endpoint == endpoint && seen.phase != Phase::greeting &&
           seen.failure == Failure::timed_out;
  });
}

bool speaks_no_mysql(const Observation& seen) {
  return seen.phase == Phase::greeting &&
         (seen.failure == Failure::eof || seen.failure == Failure::reset ||
          seen.failure == Failure::timed_out || seen.failure == Failure::not_mysql);
}

}  // namespace

Verdict match_mtu(const Case& about) {
  const std::vector<Path> small = experiment::paths(about, experiment::kSmallSegments);
  if (small.empty()) return Verdict::no("no connection with small segments was tried");
  const auto through = std::ranges::find_if(small, [&](const Path& path) {
    return path.answered() && stall_at(about, path.connect->endpoint) != 0;
  });
  if (through == small.end())
    return Verdict::no("no conversation stalled that small segments bring through");
  const std::string& endpoint = through->connect->endpoint;
  if (tries_of(about, experiment::kRepeat, endpoint).replied > 0)
    return Verdict::no("with segments of the usual size another try came through");
  const int stalled = stall_at(about, endpoint);
  const Facts& facts = about.evidence.find(stalled)->facts;
  const auto unacked = facts.get_or(key::tcp_unacked, std::int64_t{0});
  // What we send ourselves up to here is shorter than a small segment: if that is what was lost, its
  // size is not the reason. What the other side sent and we never got leaves no trace in our kernel.
  Verdict verdict = Verdict::yes(unacked > 0 ? Confidence::possible : Confidence::likely,
                                 Severity::error, {stalled, through->connect_n, through->last_n});
  const auto segment = through->connect->facts.get_or(key::path_max_segment, std::int64_t{1200});
  verdict.bindings = {{"segment", std::to_string(segment)},
                      {"unacked", unacked > 0 ? "part of what we sent was never acknowledged"
                                              : "part of what was sent to us never came"},
                      {"so", unacked > 0 ? "Possibly large packets vanish on the way, though what "
                                           "we sent was small."
                                         : "Large packets vanish on the way."}};
  verdict.rank = 5;
  return verdict;
}

Verdict match_transparent_proxy(const Case& about) {
  const int odd = find_step(about, speaks_no_mysql);
  if (odd == 0) return Verdict::no("what accepts the connection speaks MySQL, or nothing does");
  const auto tried = Endpoint::parse(about.evidence.find(odd)->endpoint);
  std::vector<int> proof{odd};
  std::set<std::uint16_t> ports;
  for (const Path& path : experiment::paths(about, experiment::kSecondPort)) {
    const auto other = Endpoint::parse(path.connect->endpoint);
    if (!tried || !other || other->address != tried->address) continue;
    if (path.last->failure && is_ours(*path.last->failure)) continue;
    if (!path.connected()) return Verdict::no("not every port accepts connections");
    if (path.greeted()) return Verdict::no("another port speaks MySQL");
    ports.insert(other->port);
    proof.push_back(path.last_n);
  }
  if (ports.size() < 2) return Verdict::no("no other ports were seen to accept connections");
  std::string list;
  for (const std::uint16_t port : ports) list += (list.empty() ? "" : ", ") + std::to_string(port);
  Verdict verdict =
      Verdict::yes(Confidence::possible, Severity::error, std::move(proof), {{"ports", list}});
  verdict.rank = 90;
  return verdict;
}

Verdict match_dms_reserved(const Case& about) {
  if (about.purpose != Purpose::dms_source && about.purpose != Purpose::dms_target)
    return Verdict::no("the purpose is not AWS DMS");
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    const auto endpoint = Endpoint::parse(seen.endpoint);
    if (seen.phase != Phase::connect || !endpoint) continue;
    if (is_in_network(endpoint->address, "192.168.0.0/24"))
      return Verdict::yes(Confidence::certain, Severity::error, {n});
  }
  return Verdict::no("no address is in 192.168.0.0/24");
}

}  // namespace plumb::tcp

#include "checks/tcp/pinned_target.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checks/tcp/attempts.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tcp {
namespace {

using experiment::Path;

const Observation* tls_of(const Case& about, const std::string& endpoint) {
  for (const Observation& seen : about.evidence.observations)
    if (seen.phase == Phase::tls && seen.endpoint == endpoint) return &seen;
  return nullptr;
}

// Two certificates: two servers. One may be shared by all members of a cluster, so it proves nothing.
bool shows_another_certificate(const Case& about, const std::string& pinned,
                               const std::vector<Attempt>& present) {
  const Observation* there = tls_of(about, pinned);
  if (!there || !there->facts.has(key::tls_sha256)) return false;
  return std::ranges::any_of(present, [&](const Attempt& attempt) {
    const Observation* here = tls_of(about, attempt.endpoint.to_string());
    return here && here->facts.has(key::tls_sha256) &&
           *here->facts.get(key::tls_sha256) != *there->facts.get(key::tls_sha256);
  });
}

std::string who_answers(const Case& about, const Path& path, const std::vector<Attempt>& present) {
  if (!path.connected()) return "nobody answers there any more";
  if (!path.greeted()) return "what answers there is no MySQL server";
  return shows_another_certificate(about, path.connect->endpoint, present)
             ? "another server answers there, with another certificate"
             : "a server still answers there: an old writer, or a reader";
}

}  // namespace

Verdict pinned_target_left(const Case& about) {
  const auto& pinned = about.policy.pinned_target;
  if (!pinned) return Verdict::no("no registered address was given (--pinned-target)");
  const std::vector<Attempt> present = attempts_of(about).all;
  if (present.empty()) return Verdict::no("the name gives no address to compare with");
  if (std::ranges::any_of(
          present, [&](const Attempt& attempt) { return attempt.endpoint.address == *pinned; }))
    return Verdict::no("the registered address is the one that the name gives now");
  std::vector<int> proof = numbers(present);
  std::string who = "who answers there was not seen";
  for (const Path& path : experiment::paths(about, experiment::kPinnedTarget)) {
    who = who_answers(about, path, present);
    proof.push_back(path.last_n);
  }
  Verdict verdict = Verdict::yes(
      Confidence::certain, Severity::error, std::move(proof),
      {{"what", "The load balancer sends to " + pinned->to_string() + ", while the name leads to " +
                    describe(present) + " by now; " + who}});
  verdict.rank = 1;
  return verdict;
}

}  // namespace plumb::tcp

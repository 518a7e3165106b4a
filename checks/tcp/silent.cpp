#include "checks/tcp/silent.hpp"

#include <cstdint>
#include <string>

#include "checks/tcp/attempts.hpp"

namespace plumb::tcp {
namespace {

// A fault of an endpoint does not explain a silent public address, nor a database without an
// endpoint: such candidates go behind the others.
constexpr int kBehindTheOthers = 100;

bool may_have_endpoint(const Case& about, const std::vector<Attempt>& silent) {
  if (about.profile->address == Expected::public_address) return false;
  const bool direct = about.profile->name == "aurora-direct" ||
                      about.profile->name == "rds-direct" || about.profile->name == "alibaba-rds";
  return !direct && !is_public_target(silent);
}

Verdict candidate(const Case& about, int rank, bool of_endpoint) {
  const Attempts attempts = attempts_of(about);
  if (attempts.all.empty()) return Verdict::no("no connect was tried");
  const std::vector<Attempt> silent = attempts.failed_with({Failure::timed_out});
  if (silent.empty()) return Verdict::no("every SYN was answered");
  if (attempts.some_worked()) return Verdict::no("another address accepts connections");
  if (is_loopback_target(silent)) return Verdict::no("the target is this host itself");
  Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, numbers(silent));
  const bool each = silent.size() == attempts.all.size() && silent.size() > 3;
  verdict.bindings = {{"silent", each ? "any of the " + std::to_string(silent.size()) + " addresses"
                                      : describe(silent)}};
  verdict.rank = rank + (of_endpoint && !may_have_endpoint(about, silent) ? kBehindTheOthers : 0);
  return verdict;
}

}  // namespace

Verdict match_endpoint_sg(const Case& about) { return candidate(about, 10, true); }
Verdict match_default_sg(const Case& about) { return candidate(about, 20, true); }
Verdict match_pending_acceptance(const Case& about) { return candidate(about, 30, true); }

Verdict match_wrong_port(const Case& about) {
  Verdict verdict = candidate(about, 40, false);
  const auto& asked = about.target.port;
  const auto& customary = about.profile->port;
  if (!verdict.matched) return verdict;
  // To try the port that was just silent would decide nothing.
  const bool off_custom = customary && asked && *asked != *customary;
  const bool on_4000 = asked.value_or(customary.value_or(std::uint16_t{0})) == 4000;
  const std::uint16_t other = off_custom ? *customary
                              : on_4000  ? std::uint16_t{3306}
                                         : std::uint16_t{4000};
  verdict.bindings.emplace_back("other_port", std::to_string(other));
  if (off_custom) {
    verdict.confidence = Confidence::likely;
    verdict.rank = 5;
  }
  return verdict;
}

Verdict match_client_egress(const Case& about) { return candidate(about, 50, false); }
Verdict match_nacl(const Case& about) { return candidate(about, 60, false); }
Verdict match_target_sg(const Case& about) { return candidate(about, 70, false); }
Verdict match_stale_target(const Case& about) { return candidate(about, 80, false); }

}  // namespace plumb::tcp

#include "checks/tcp/pinned_target.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/mysql/facts.hpp"
#include "checks/session/facts.hpp"
#include "checks/session/read_only.hpp"
#include "checks/session/view.hpp"
#include "checks/tcp/attempts.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tcp {
namespace {

using experiment::Path;
using session::read_only_by;
namespace told = session::key;

// What was found at the registered address. The kind chooses the remedy.
struct Finding {
  std::string_view kind;
  std::string text;
  Severity severity = Severity::error;
};

bool is_at(const Observation& seen, const Address& address) {
  const auto endpoint = Endpoint::parse(seen.endpoint);
  return endpoint && endpoint->address == address;
}

const Observation* tls_of(const Case& about, const std::string& endpoint) {
  for (const Observation& seen : about.evidence.observations)
    if (seen.phase == Phase::tls && seen.endpoint == endpoint) return &seen;
  return nullptr;
}

// Two certificates: two servers. One may be shared by all members of a cluster, so it proves nothing.
std::optional<bool> has_the_same_certificate(const Case& about, const std::string& pinned,
                                             const std::vector<Attempt>& present) {
  const Observation* there = tls_of(about, pinned);
  if (!there || !there->facts.has(key::tls_sha256)) return std::nullopt;
  std::optional<bool> same;
  for (const Attempt& attempt : present) {
    const Observation* here = tls_of(about, attempt.endpoint.to_string());
    if (!here || !here->facts.has(key::tls_sha256)) continue;
    same = *here->facts.get(key::tls_sha256) == *there->facts.get(key::tls_sha256);
    if (!*same) return same;
  }
  return same;
}

// What the server said of itself, at the registered address or at the name's own.
const Observation* identity(const Case& about, const Address& pinned, bool at_pinned) {
  for (const Observation& seen : about.evidence.observations)
    if (seen.phase == Phase::session && !seen.failure && is_at(seen, pinned) == at_pinned &&
        experiment::name_of(seen) == experiment::kPinnedTarget)
      return &seen;
  return at_pinned ? nullptr : session::session_of(about);
}

// Of the greeting; empty: none came.
std::string version(const Case& about, const Address& pinned, bool at_pinned) {
  for (const Observation& seen : about.evidence.observations) {
    const auto experiment = experiment::name_of(seen);
    const bool ours = experiment.empty() || experiment == experiment::kPinnedTarget;
    if (ours && seen.phase == Phase::greeting && is_at(seen, pinned) == at_pinned)
      return seen.facts.get_or(mysql::key::version, std::string());
  }
  return {};
}

bool differ(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

bool greets_otherwise(const Case& about, const Address& pinned) {
  return differ(version(about, pinned, true), version(about, pinned, false));
}

std::string text_of(const Facts& facts, const plumb::key::Text& key) {
  return facts.get_or(key, std::string());
}

// TiDB has one uuid for all servers, of zeros.
std::string uuid_of(const Facts& facts) {
  const std::string uuid = text_of(facts, told::server_uuid);
  return uuid.find_first_not_of("0-") == std::string::npos ? std::string() : uuid;
}

bool differ_in_writing(const Facts& there, const Facts& here) {
  return there.has(told::read_only_by) && here.has(told::read_only_by) &&
         read_only_by(there).empty() != read_only_by(here).empty();
}

// Equal uuids are no proof where one takes writes and the other does not: a copied data directory
// brings its uuid along. Where they are equal, a proxy may greet with a version of its own.
std::optional<bool> is_the_same_server(const Facts& there, const Facts& here,
                                       bool greets_otherwise) {
  const std::string uuid = uuid_of(there);
  if (differ(text_of(there, told::instance), text_of(here, told::instance))) return false;
  if (differ(uuid, uuid_of(here)) || differ_in_writing(there, here)) return false;
  if (!uuid.empty() && uuid == uuid_of(here)) return true;
  if (greets_otherwise || differ(text_of(there, told::hostname), text_of(here, told::hostname)))
    return false;
  return std::nullopt;
}

std::string name_of_server(const Facts& facts) {
  for (const std::string& name :
       {text_of(facts, told::instance), uuid_of(facts), text_of(facts, told::hostname)})
    if (!name.empty()) return name;
  return "without a name";
}

Finding who_said_so(const Facts& there, const Observation* name, bool greets_otherwise) {
  const std::string by = read_only_by(there), who = name_of_server(there);
  if (!by.empty())
    return {"reader", "A reader answers there (" + by + " is ON; server " + who +
                          "), so writes through the load balancer end in error 1290 or 1836"};
  const std::string doing = there.has(told::read_only_by)
                                ? " answers there and takes writes (server "
                                : " answers there (server ";
  const auto same = name ? is_the_same_server(there, name->facts, greets_otherwise) : std::nullopt;
  if (!same) return {"other", "A server" + doing + who + "); whether it is the name's is not told"};
  if (*same)
    return {"same",
            "The same server still" + doing + who +
                "): it has both addresses now, and may lose the registered one",
            Severity::warning};
  return {"other", "Another server" + doing + who + ", the name's is " +
                       name_of_server(name->facts) +
                       "): what is written through the load balancer is written there"};
}

// Why it is not known who it is, for the end of a sentence; empty: no account was given.
std::string why_not_asked(const Case& about, const Address& pinned) {
  if (about.policy.account.empty()) return "";
  for (const Observation& seen : about.evidence.observations) {
    if (seen.phase != Phase::login || !is_at(seen, pinned)) continue;
    if (seen.facts.get_or(mysql::key::login_account, false))
      return seen.failure ? "; it refuses the account" : "; it did not say which";
  }
  return "; it was not asked which: the account goes there only once the name's own address has "
         "accepted it, and over TLS with a certificate that is proven";
}

Finding who_answers(const Case& about, const Path& path, const std::vector<Attempt>& present) {
  const Address& pinned = *about.policy.pinned_target;
  if (!path.connected()) return {"nobody", "Nobody answers there any more"};
  if (!path.greeted() && path.last->failure == Failure::not_mysql)
    return {"nobody", "What answers there is no MySQL server"};
  if (!path.greeted()) return {"unknown", "What takes connections there does not greet"};
  if (const Observation* there = identity(about, pinned, true))
    return who_said_so(there->facts, identity(about, pinned, false),
                       greets_otherwise(about, pinned));
  const auto same = has_the_same_certificate(about, path.connect->endpoint, present);
  const std::string why = why_not_asked(about, pinned);
  if (greets_otherwise(about, pinned))
    return {"unknown",
            "Another server answers there, of version " + version(about, pinned, true) + why};
  if (same && !*same)
    return {"unknown", "Another server answers there, with another certificate" + why};
  return {"unknown", std::string("A server still answers there") +
                         (same ? ", with the same certificate" : "") +
                         ": an old writer, or a reader" + why};
}

std::string name_leads_to_reader(const Case& about) {
  const Observation* name = identity(about, *about.policy.pinned_target, false);
  const std::string by = name ? read_only_by(name->facts) : std::string();
  return by.empty() ? by : ", itself a reader (" + by + " is ON)";
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
  Finding found{"unknown", "Who answers there was not seen"};
  for (const Path& path : experiment::paths(about, experiment::kPinnedTarget)) {
    if (is_at(*path.connect, *pinned)) found = who_answers(about, path, present);
    proof.push_back(path.last_n);
  }
  const std::string turned = name_leads_to_reader(about);
  if (!turned.empty()) {
    if (found.kind == "other") found.severity = Severity::warning;  // it may be the writer
    found.kind = "turned";
  }
  Verdict verdict = Verdict::yes(
      Confidence::certain, found.severity, std::move(proof),
      {{"kind", std::string(found.kind)},
       {"registered_ip", pinned->to_string()},
       {"database_ip", present.front().endpoint.address.to_string()},
       {"what", "The load balancer sends to " + pinned->to_string() + ", while the name leads to " +
                    describe(present) + " by now" + turned},
       {"who", found.text}});
  verdict.rank = 1;
  return verdict;
}

}  // namespace plumb::tcp

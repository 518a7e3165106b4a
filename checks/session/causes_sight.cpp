// What could not be looked at. Not to see is neither right nor wrong: it is said, with what would
// let us see.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "checks/session/causes.hpp"
#include "checks/session/view.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::session {
namespace {

// No session, or it broke: with a purpose nobody has looked.
Verdict not_held(const Case& about, const Observation& seen) {
  const std::string reason = seen.facts.get_or(key::session_not_held, std::string("broke"));
  const Severity severity = about.purpose == Purpose::connect ? Severity::info : Severity::warning;
  const std::string why = seen.raw.empty() ? "it was cut" : seen.raw;
  return found(seen, Confidence::certain, severity,
               {{"kind", reason},
                {"purpose", std::string(to_string(about.purpose))},
                {"trust_option", about.policy.ca},
                {"what", "No session of the account was held to its end: " + why}});
}

// A position to copy is a convenience; rights and retention are what the purpose stands on.
bool hides_a_verdict(const std::string& item) {
  return !item.starts_with("binary log file and position") &&
         !item.starts_with("whether the account requires TLS");
}

Verdict hidden(const Case& about, const Observation& session,
               const std::vector<std::string>& items) {
  const bool matters =
      about.purpose != Purpose::connect && std::ranges::any_of(items, hides_a_verdict);
  return found(session, Confidence::certain, matters ? Severity::warning : Severity::info,
               {{"kind", "hidden"},
                {"purpose", std::string(to_string(about.purpose))},
                {"trust_option", about.policy.ca},
                {"what", fmt::format("The account may not look at: {}", fmt::join(items, "; "))}});
}

Verdict match_not_visible(const Case& about) {
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.phase != Phase::session) continue;
    if (seen.failure) return not_held(about, seen);
    if (const auto* items = seen.facts.get(key::hidden)) return hidden(about, seen, *items);
  }
  return Verdict::no("no session was asked for, or it saw everything");
}

constexpr RemedyTemplate kRemedy[] = {
    {"Give the account that will do the job.",
     "plumb check --purpose {purpose} --ca {trust_option} --user <user> --password-file <file> "
     "{target}",
     {},
     Cloud::unknown,
     "no-account"},
    {"Mend the login first: a session needs an account that is accepted on every address.",
     "plumb check --ca {trust_option} --user {user} --password-file <file> {target}",
     {},
     Cloud::unknown,
     "account-not-accepted"},
    {"Let the session run over TLS.",
     "plumb check --purpose {purpose} --tls required --ca {trust_option} --user {user} "
     "--password-file <file> {target}",
     {},
     Cloud::unknown,
     "without-tls"},
    {"Mend TLS first, or ask for less of it.",
     "plumb check --purpose {purpose} --tls required --ca {trust_option} --user {user} "
     "--password-file <file> {target}",
     {},
     Cloud::unknown,
     "policy-not-met broke"},
    {"Give the roots that signed the server's certificate, and use a name that it is for. A "
     "channel or "
     "a DMS endpoint may do with less; plumb's own session does not.",
     "plumb check --purpose {purpose} --tls required --ca <roots.pem> --user {user} "
     "--password-file "
     "<file> {target}",
     {},
     Cloud::unknown,
     "certificate-not-proven"},
    {"Run it where the name leads to the server, without --connect-to, --server-name, --source, "
     "--resolver, -4 or -6: a session connects by name and takes what this host's resolver gives.",
     "plumb check --purpose {purpose} --ca {trust_option} --user {user} --password-file <file> "
     "{target}",
     {},
     Cloud::unknown,
     "connect-to other-server-name other-addresses source-address"},
    {"Give it more time, or wait until what was cut off is forgotten.",
     "plumb check --purpose {purpose} --timeout 30s --ca {trust_option} --user {user} "
     "--password-file <file> {target}",
     {},
     Cloud::unknown,
     "no-time harm-budget broke"},
    {"Look with an account that may, or let this one: REPLICATION CLIENT (MariaDB: BINLOG MONITOR) "
     "shows where the log stands; EXECUTE on mysql.rds_show_configuration shows RDS's retention.",
     "mysql -e \"GRANT REPLICATION CLIENT ON *.* TO '{user}'@'{account_host}'\"",
     {},
     Cloud::unknown,
     "hidden"}};

const Cause kRows[] = {
    {.id = "session-not-visible",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::client,
     .title = "Something could not be looked at in a session",
     .shows_as = "No account was given, the way does not allow a session, it broke, or the account "
                 "lacks the right to look.",
     .summary = "{what}. What is not seen is neither right nor wrong.",
     .remedy = kRemedy,
     .look_alikes = "A right that is missing for the job itself is session-missing-grant.",
     .decide_by = "",
     .source = "plumb's design: a session is held only where every address met the TLS policy",
     .match = match_not_visible,
     .needs = sign::seen(Phase::session)},
};

}  // namespace

std::span<const Cause> sight_causes() { return kRows; }

}  // namespace plumb::session

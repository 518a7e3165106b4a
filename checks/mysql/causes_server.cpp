// A MySQL server answers, but it is another one than the profile expects, or not in the state that
// its clients need.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/pattern.hpp"
#include "checks/places.hpp"
#include "checks/session/read_only.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::mysql {
namespace {

bool is_expected(std::string_view flavors, std::string_view flavor) {
  while (!flavors.empty()) {
    const std::size_t end = std::min(flavors.find(' '), flavors.size());
    if (flavors.substr(0, end) == flavor) return true;
    flavors.remove_prefix(std::min(end + 1, flavors.size()));
  }
  return false;
}

bool some_login_answered(const Case& about) {
  const auto first = experiment::first_pass(about.evidence);
  return std::any_of(first.begin(), first.end(), [](const Observation& seen) {
    return seen.phase == Phase::login && !seen.failure;
  });
}

// A version that a plain server may carry too (Aurora looks like MySQL) proves nothing; only what
// the profile's servers never say of themselves counts.
Verdict match_wrong_server(const Case& about) {
  const std::string_view expected = about.profile->flavors;
  if (expected.empty()) return Verdict::no("the profile expects no particular server");
  std::vector<int> proof;
  std::vector<std::string> places;
  const Observation* shown = nullptr;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.phase != Phase::greeting) continue;
    const std::string* flavor = seen.facts.get(key::flavor);
    if (!flavor || *flavor == "unknown" || is_expected(expected, *flavor)) continue;
    if (!shown) shown = &seen;
    proof.push_back(seen.n);
    places.push_back(seen.endpoint);
  }
  if (!shown)
    return Verdict::no("every server that greets is of the kind that the profile expects");
  const Severity severity = some_login_answered(about) ? Severity::warning : Severity::error;
  Verdict verdict = Verdict::yes(
      Confidence::likely, severity, std::move(proof),
      {{"address", name_places(places, places_tried(about))},
       {"version", shown->facts.get_or(key::version, std::string("an unknown version"))},
       {"flavor", shown->facts.get_or(key::flavor, std::string())},
       {"expected", std::string(expected.substr(0, expected.find(' ')))}});
  verdict.rank = 80;
  return verdict;
}

bool says_read_only(const Observation& seen) {
  return error_says(seen, "read-only") || error_says(seen, "read only");
}
constexpr Pattern kReadOnly{[](const Observation& seen) {
                              return is_error(seen, {1290, 1836}) && says_read_only(seen);
                            },
                            Confidence::likely, Severity::error,
                            "no server says that it is read-only"};
Verdict match_read_only(const Case& about) {
  Verdict verdict = match(about, kReadOnly);
  return verdict.matched ? verdict : session::match_read_only_target(about);
}

constexpr Pattern kIdle{[](const Observation& seen) { return is_error(seen, {4031}); },
                        Confidence::certain, Severity::error,
                        "plumb's connections are never idle, and no server sent this error"};

constexpr RemedyTemplate kWrongServerRemedy[] = {
    {"See where the name leads, and whose address that is.", "dig +short {host}"},
    {"Behind a load balancer: see which targets the listener of this port has.",
     "aws elbv2 describe-target-health --target-group-arn <target-group-arn>"},
    {"See which service the endpoint leads to, and compare it with the console's.",
     "aws ec2 describe-vpc-endpoints --filters Name=vpc-endpoint-id,Values=<vpce-id> --query "
     "'VpcEndpoints[].ServiceName'"},
    {"If this server is meant: what is expected comes from the host name; of a bare address "
     "nothing is.",
     "plumb check <address>:{port}"}};
constexpr RemedyTemplate kReadOnlyRemedy[] = {
    {"See which member of the cluster is the writer.",
     "aws rds describe-db-clusters --db-cluster-identifier <cluster> --query "
     "'DBClusters[].DBClusterMembers[].[DBInstanceIdentifier,IsClusterWriter]'",
     {},
     Cloud::unknown,
     "aurora"},
    {"Register the writer's address with the load balancer in place of this one, after every "
     "failover (IP targets do not follow it).",
     "aws elbv2 register-targets --target-group-arn <target-group-arn> --targets "
     "Id=<writer-ip>,Port={port}",
     {},
     Cloud::unknown,
     "aurora rds mysql mariadb"},
    {"A server of one's own that should take writes: switch it to writing, once it is certain that "
     "no other one is the writer.",
     "mysql -e \"SET GLOBAL read_only = OFF\"",
     {},
     Cloud::unknown,
     "mysql mariadb"},
    {"A TiDB is switched to reading alone while its data moves elsewhere: see that nobody needs it "
     "so any more, then switch it back.",
     "mysql -e \"SET GLOBAL tidb_restricted_read_only = OFF; SET GLOBAL tidb_super_read_only = "
     "OFF\"",
     {},
     Cloud::unknown,
     "tidb"}};
constexpr RemedyTemplate kIdleRemedy[] = {
    {"Let the pool give connections back before the server does: its idle limit below "
     "wait_timeout.",
     "mysql -e \"SELECT @@wait_timeout, @@interactive_timeout\""},
    {"Or lengthen it for this client.", "mysql -e \"SET SESSION wait_timeout = 28800\""}};

const Cause kRows[] = {
    {"mysql-wrong-server-answered",
     Layer::mysql,
     Severity::error,
     Owner::client,
     "Another kind of server answers than the profile expects",
     "The greeting's version and capabilities are those of another product: plain MySQL or MariaDB "
     "in place of TiDB, or the reverse.",
     "The server at {address} greets as {flavor} (version {version}); the profile {profile} "
     "expects {expected}. Name, tunnel or load balancer may lead to another server.",
     kWrongServerRemedy,
     "A TiDB of one's own with server-version set greets as it is told. A profile chosen by "
     "mistake: then the server is right.",
     "Which endpoint, tunnel or target group owns the address; SELECT VERSION(), @@version_comment "
     "after a login.",
     "TiDB pkg/server; TiProxy; MySQL and MariaDB greetings (failure catalogue, fingerprints)",
     match_wrong_server,
     {},
     sign::seen(Phase::greeting)},
    {"mysql-read-only-target",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "The server is read-only: a reader, or an old writer after a failover",
     "Error 1290 (--read-only, --super-read-only) or 1836; writes fail while logins succeed. In a "
     "session: @@read_only, @@super_read_only or @@innodb_read_only is ON.",
     "The server at {address} is read-only: \"{message}\". The network is healthy.",
     kReadOnlyRemedy,
     "1290 names other options too (--secure-file-priv, --skip-grant-tables): read the text. An "
     "Aurora reader says so only in a session: @@innodb_read_only. Behind a load balancer, "
     "--pinned-target with the registered address tells whether the writer has moved: "
     "tcp-target-ip-stale.",
     "SELECT @@read_only, @@innodb_read_only; IsClusterWriter of aws rds describe-db-clusters.",
     "HeatWave and Aurora replication over an endpoint; MySQL error reference",
     match_read_only,
     {},
     sign::talk_failed | sign::seen(Phase::session)},
    {"mysql-connection-idle-4031",
     Layer::mysql,
     Severity::error,
     Owner::client,
     "The server has ended an idle connection",
     "Error 4031 on a connection that was idle (MySQL from 8.0.24); older servers and MariaDB "
     "close without a word.",
     "The server at {address} ended the connection for inactivity: \"{message}\".",
     kIdleRemedy,
     "A reset in place of the error packet is the load balancer's limit: tcp-idle-timeout-reset.",
     "",
     "MySQL share/messages_to_clients.txt",
     by<kIdle>,
     {},
     sign::talk_failed},
};

}  // namespace

std::span<const Cause> server_causes() { return kRows; }

}  // namespace plumb::mysql

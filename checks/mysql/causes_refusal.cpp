// The server refuses this host, or everybody, whoever logs in.
#include <chrono>
#include <string_view>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/pattern.hpp"
#include "checks/tries.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::mysql {
namespace {

constexpr Pattern kBlocked{[](const Observation& seen) { return is_error(seen, {1129}); },
                           Confidence::certain, Severity::critical,
                           "no server says that this host is blocked"};
constexpr Pattern kNotAllowed{
    [](const Observation& seen) { return is_error(seen, {1130}) && !names_proxy_header(seen); },
    Confidence::certain, Severity::error, "no server says that this host may not log in"};
constexpr Pattern kTooMany{[](const Observation& seen) { return is_error(seen, {1040}); },
                           Confidence::certain, Severity::error, "no server says that it is full"};
constexpr Pattern kUserLimit{[](const Observation& seen) {
                               return is_error(seen, {1203, 1226});
                             },
                             Confidence::likely, Severity::error,
                             "no limit of the user was reached"};
constexpr Pattern kShutdown{[](const Observation& seen) { return is_error(seen, {1053}); },
                            Confidence::certain, Severity::error,
                            "no server says that it is shutting down"};
// It may end connections without the packet: MySQL at the login. TiDB closes its listener first of
// all, and then the load balancer before it ends them in the greeting's place.
constexpr Pattern kCutAtLogin{[](const Observation& seen) {
                                constexpr Micros kAtOnce = std::chrono::seconds(5);
                                return is_gone(seen, Phase::login) && seen.took < kAtOnce;
                              },
                              Confidence::possible, Severity::error,
                              "no server says that it is shutting down", 115};
constexpr Pattern kCutAtGreeting{
    [](const Observation& seen) { return is_failure(seen, Phase::greeting, Failure::eof); },
    Confidence::possible, Severity::error, "no server says that it is shutting down", 115};
constexpr Pattern kSecureTransport{
    [](const Observation& seen) {
      return is_error(seen, {3159}) || error_says(seen, "--require_secure_transport=ON");
    },
    Confidence::certain, Severity::error, "no server insists on TLS"};

constexpr std::string_view kLaterTry =
    "A try some minutes later, and the events of the server (aws rds describe-events, TiDB's log): "
    "a shutdown passes.";

bool may_be_tidb(const Profile& profile) {
  return profile.flavors.empty() || profile.flavors.starts_with("tidb");
}

// MariaDB answers 1045, whatever the password, where require_secure_transport is on; no server
// insists on what it does not offer.
Verdict match_secure_transport(const Case& about) {
  Verdict said = match(about, kSecureTransport);
  said.bindings.emplace_back("the", "The");
  if (said.matched) return said;
  for (const Cause& row : account_causes()) {
    if (row.id != "mysql-user-requires-ssl") continue;
    Verdict in_clear = row.match(about);
    const Observation* refused = about.evidence.find(in_clear.matched ? in_clear.evidence[0] : 0);
    if (!refused || !offers_tls(about, refused->endpoint)) break;
    in_clear.bindings.emplace_back("the", "Possibly the");
    in_clear.confidence = Confidence::possible;
    in_clear.rank += 5;
    return in_clear;
  }
  return said;
}

Verdict match_shutdown(const Case& about) {
  Verdict said = match(about, kShutdown);
  if (said.matched) {
    said.bindings.emplace_back("says",
                               "is shutting down; clients get through again after the restart");
    return said;
  }
  Verdict cut = match(about, kCutAtLogin);
  if (!cut.matched && may_be_tidb(*about.profile)) cut = match(about, kCutAtGreeting);
  if (!cut.matched) return said;
  const Observation& failed = *about.evidence.find(cut.evidence.front());
  const Tries again = tries_of(about, experiment::kRepeat, failed.endpoint);
  if (is_first_packet(failed) && again.broke >= 2)
    return Verdict::no("it goes on greeting, and breaks off alike on every try");
  if (again.broke >= 2) cut.rank = 125;
  if (again.replied > 0) cut.rank = 95;
  cut.evidence.insert(cut.evidence.end(), again.proof.begin(), again.proof.end());
  cut.bindings.emplace_back("says",
                            "ended the connection without a word; it may be shutting down, and "
                            "then clients get through again after the restart");
  cut.decide_by = kLaterTry;
  return cut;
}

// Who else comes through the same load balancer is locked out too, unless it has other addresses.
Verdict match_blocked(const Case& about) {
  Verdict verdict = match(about, kBlocked);
  if (!verdict.matched) return verdict;
  const bool others_work = verdict.severity < kBlocked.severity;
  verdict.bindings.emplace_back("elsewhere", others_work
                                                 ? "Through another address a login still works."
                                                 : "No other address lets a login through.");
  return verdict;
}

constexpr RemedyTemplate kBlockedRemedy[] = {
    {"Unblock the host now, from the server itself or from a host that still gets in; this ends "
     "the outage for everybody behind the same address.",
     "mysql -e \"TRUNCATE TABLE performance_schema.host_cache\""},
    {"The same on MariaDB, RDS and Aurora, or without performance_schema:",
     "mysqladmin -h <server> -u <admin> -p flush-hosts"},
    {"Find who breaks connections off (load balancer: its owner sees it). The first suspect is the "
     "load balancer's health check: if "
     "it "
     "checks the traffic port, it connects and leaves without a login.",
     "aws elbv2 describe-target-groups --target-group-arns <target-group-arn> --query "
     "'TargetGroups[].[Port,HealthCheckProtocol,HealthCheckPort]'"},
    {"Keep it from coming back: the load balancer's owner moves the health check to another port "
     "that the targets serve …",
     "aws elbv2 modify-target-group --target-group-arn <target-group-arn> --health-check-port "
     "<other-port>"},
    {"… or raise max_connect_errors (RDS, Aurora: in the parameter group; elsewhere in the "
     "configuration too, else a restart takes it back; not on HeatWave).",
     "mysql -e \"SET GLOBAL max_connect_errors = 1000000\""}};
constexpr RemedyTemplate kNotAllowedRemedy[] = {
    {"See which host parts exist: one must match {server_sees}, the address the server sees.",
     "mysql -e \"SELECT user, host FROM mysql.user\""},
    {"Give the account one that does ('%' matches every address). Views and routines keep the old "
     "name as their DEFINER.",
     "mysql -e \"RENAME USER '{account}'@'<old-host>' TO '{account}'@'<new-host>'\""}};
constexpr RemedyTemplate kTooManyRemedy[] = {
    {"See who holds the connections, and end sleepers. MySQL and MariaDB keep one connection for "
     "an administrator.",
     "mysql -e \"SELECT user, host, command, COUNT(*) FROM information_schema.processlist GROUP BY "
     "1, 2, 3\""},
    {"Make the clients' pools smaller, or raise the limit.",
     "mysql -e \"SET GLOBAL max_connections = <number>\""}};
constexpr RemedyTemplate kUserLimitRemedy[] = {
    {"Raise or lift the limit of the user.",
     "mysql -e \"ALTER USER '{user}'@'%' WITH MAX_USER_CONNECTIONS 0\""},
    {"Or use fewer connections: pool size times instances must stay below it.", ""}};
constexpr RemedyTemplate kShutdownRemedy[] = {
    {"Wait for the restart and try again with back-off.",
     "plumb wait {host}:{port} --for ok --deadline 10m"},
    {"See whether maintenance is announced.", "aws rds describe-events --duration 60"}};
constexpr RemedyTemplate kSecureTransportRemedy[] = {
    {"Switch TLS on in the client (MariaDB's: --ssl in place of --ssl-mode).",
     "mysql --ssl-mode=REQUIRED -h {host} -P {port} -u <user> -p"},
    {"If policy allows connections without TLS (Aurora): switch the requirement off.",
     "aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name <group> "
     "--parameters "
     "ParameterName=require_secure_transport,ParameterValue=OFF,ApplyMethod=immediate"}};

const Cause kRows[] = {
    {"mysql-host-blocked-1129",
     Layer::mysql,
     Severity::critical,
     Owner::dba,
     "The server has blocked this host after broken connections",
     "Error 1129 in place of the greeting.",
     "The server at {address} has blocked {server_sees} after too many broken connections. Behind "
     "a load balancer that is the load balancer's address: everybody who comes through it is "
     "locked out. {elsewhere}",
     kBlockedRemedy,
     "1130 is about accounts, not about broken connections. Who broke them off is not told: the "
     "load balancer's health check on the traffic port, a port scan, a prober that leaves early.",
     "",
     "MySQL sql/sql_connect.cc; MariaDB ER_HOST_IS_BLOCKED",
     match_blocked,
     {},
     sign::talk_failed},
    {"mysql-host-not-allowed-1130",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "No account may log in from this host",
     "Error 1130 in place of the greeting, mostly without SQLSTATE.",
     "The server at {address} has no account that may log in from {server_sees}, the address it "
     "sees us come "
     "from.",
     kNotAllowedRemedy,
     "1045: some account matches the host, but not user or password.",
     "",
     "MySQL sql/sql_connect.cc",
     by<kNotAllowed>,
     {},
     sign::talk_failed},
    {"mysql-too-many-connections-1040",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The server is full",
     "Error 1040; from TiDB in place of the greeting.",
     "The server at {address} has reached max_connections and takes no more.",
     kTooManyRemedy,
     "1203 and 1226 are limits of one user.",
     "",
     "TiDB pkg/server/conn.go; MySQL messages",
     by<kTooMany>,
     {},
     sign::talk_failed},
    {"mysql-user-connection-limit-1203-1226",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The user has reached a limit of its own",
     "Error 1203 (max_user_connections) or 1226 (another resource).",
     "The user {user} has reached a limit on {address}: \"{message}\".",
     kUserLimitRemedy,
     "1040 is the limit of the whole server.",
     "SELECT max_user_connections, max_connections, max_questions FROM mysql.user, and "
     "@@max_user_connections.",
     "MySQL-derived error lists",
     by<kUserLimit>,
     {},
     sign::talk_failed},
    {"mysql-server-shutting-down-1053",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The server is shutting down",
     "Error 1053; or the connection ends without a word, for a while.",
     "The server at {address} {says}.",
     kShutdownRemedy,
     "None of MariaDB, MySQL and TiDB says so to who comes late: they refuse new connections "
     "(tcp-refused-no-listener), and a load balancer before them closes these without a word "
     "(mysql-eof-before-greeting). Both have other reasons too; those stay, a shutdown passes.",
     "",
     "TiDB pkg/server/server.go; measured on MariaDB 10.11, MySQL 9.7, TiDB 8.5.3",
     match_shutdown,
     {},
     sign::talk_failed},
    {"mysql-secure-transport-3159",
     Layer::mysql,
     Severity::error,
     Owner::client,
     "The server insists on TLS",
     "Error 3159, require_secure_transport=ON; from TiDB without SQLSTATE.",
     "{the} server at {address} does not let clients in without TLS: \"{message}\".",
     kSecureTransportRemedy,
     "1105 with a link to docs.pingcap.com is TiDB Cloud's gateway: "
     "mysql-insecure-transport-gateway. MariaDB answers 1045, as to a wrong password.",
     "mysql -e \"SHOW VARIABLES LIKE 'require_secure_transport'\" says ON; or the same login over "
     "TLS is accepted.",
     "TiDB pkg/server/conn.go; MySQL messages; Aurora security",
     match_secure_transport,
     {},
     sign::talk_failed},
};

}  // namespace

std::span<const Cause> refusal_causes() { return kRows; }

}  // namespace plumb::mysql

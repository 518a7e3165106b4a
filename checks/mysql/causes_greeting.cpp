// Nothing, or something else, where a greeting should be.
#include <string_view>
#include <utility>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/pattern.hpp"
#include "checks/tcp/established.hpp"
#include "checks/tries.hpp"

namespace plumb::mysql {
namespace {

constexpr Pattern kEof{
    [](const Observation& seen) { return is_failure(seen, Phase::greeting, Failure::eof); },
    Confidence::likely, Severity::error, "no server closed before its greeting"};
constexpr Pattern kReset{
    [](const Observation& seen) { return is_failure(seen, Phase::greeting, Failure::reset); },
    Confidence::likely, Severity::error, "no connection was reset before its greeting"};
constexpr Pattern kSilent{
    [](const Observation& seen) { return is_failure(seen, Phase::greeting, Failure::timed_out); },
    Confidence::likely, Severity::error, "every server that accepted also spoke"};

bool is_x_protocol(const Observation& seen) {
  return is_failure(seen, Phase::greeting, Failure::not_mysql) &&
         seen.facts.get_or(key::other_protocol, std::string()) == "mysqlx";
}
constexpr Pattern kXProtocol{is_x_protocol, Confidence::likely, Severity::error,
                             "nothing speaks the X protocol"};
constexpr Pattern kXPort{[](const Observation& seen) {
                           return kSilent.applies(seen) && seen.endpoint.ends_with(":33060");
                         },
                         Confidence::likely, Severity::error, "nothing speaks the X protocol"};

constexpr Pattern kForeign{
    [](const Observation& seen) {
      return is_failure(seen, Phase::greeting, Failure::not_mysql) && !is_x_protocol(seen);
    },
    Confidence::certain, Severity::error, "nothing that answers speaks another protocol"};
constexpr Pattern kGarbled{[](const Observation& seen) {
                             return is_failure(seen, Phase::greeting, Failure::malformed_packet);
                           },
                           Confidence::likely, Severity::error,
                           "nothing that answers speaks another protocol"};

constexpr Pattern kLookupError{[](const Observation& seen) { return is_error(seen, {1042}); },
                               Confidence::certain, Severity::error, "no greeting came late"};
// A reverse lookup that fails takes the resolver's patience: 5 s and its multiples, up to 30 s.
constexpr double kLookupBegins = 4000, kLookupEnds = 30000;
constexpr Pattern kLookupSlow{[](const Observation& seen) {
                                return seen.phase == Phase::greeting && !seen.failure &&
                                       seen.facts.get_or(key::greeting_ms, 0.0) >= kLookupBegins;
                              },
                              Confidence::likely, Severity::warning, "no greeting came late"};
constexpr Pattern kLookupLasts{[](const Observation& seen) {
                                 return kSilent.applies(seen) &&
                                        !seen.endpoint.ends_with(":33060") &&
                                        seen.facts.get_or(key::waited_ms, 0.0) < kLookupEnds;
                               },
                               Confidence::possible, Severity::error, "no greeting came late", 120};

// Never certain, however long it lasts: a server that waits for a PROXY header is as silent.
Verdict match_silence(const Case& about) {
  Verdict verdict = match(about, kSilent);
  if (!verdict.matched) return verdict;
  const Observation& mute = *about.evidence.find(verdict.evidence.front());
  const TlsFirstTry first = tls_first_at(about, mute.endpoint);
  verdict.evidence.insert(verdict.evidence.end(), first.proof.begin(), first.proof.end());
  return verdict;
}

// What answers HTTP, or words that nobody knows, on every port may be something on the way. SSH and
// its like are what they are.
Verdict match_foreign(const Case& about) {
  Verdict verdict = match(about, kForeign, kGarbled);
  if (!verdict.matched) return verdict;
  const Observation& odd = *about.evidence.find(verdict.evidence.front());
  const std::string spoken = odd.facts.get_or(key::other_protocol, std::string("unknown"));
  const Verdict on_the_way = tcp::match_transparent_proxy(about);
  if ((spoken != "http" && spoken != "unknown") || !on_the_way.matched) return verdict;
  verdict.confidence = Confidence::likely;
  verdict.decide_by =
      "With your consent: curl -m 3 telnet://192.0.2.1:4000; if an address that nobody has "
      "accepts, "
      "something on the way answers (tcp-transparent-proxy).";
  return verdict;
}

Verdict with_words(Verdict verdict, const char* what) {
  verdict.bindings.emplace_back("what", what);
  return verdict;
}

Verdict match_lookup(const Case& about) {
  Verdict failed = match(about, kLookupError);
  if (failed.matched) return with_words(std::move(failed), "cannot find our name");
  Verdict slow = match(about, kLookupSlow);
  if (slow.matched) return with_words(std::move(slow), "greets late");
  Verdict silent = match(about, kLookupLasts);
  if (!silent.matched) return slow;
  const Observation& mute = *about.evidence.find(silent.evidence.front());
  if (tls_first_at(about, mute.endpoint).came_to >= TlsFirst::answered)
    return Verdict::no("what is silent there waits for TLS");
  silent.decide_by =
      "A greeting that comes after 5 to 30 s (--timeout 40s); @@skip_name_resolve on the server.";
  return with_words(std::move(silent), "has not greeted so far");
}

constexpr RemedyTemplate kEofRemedy[] = {
    {"Provider: see whether the load balancer's targets are healthy and registered.",
     "aws elbv2 describe-target-health --target-group-arn <target-group-arn>"},
    {"Alibaba Cloud's PolarDB closes like this on who is outside its white list: add the source "
     "range.",
     "aliyun polardb ModifyDBClusterAccessWhitelist --DBClusterId <pc-id> --DBClusterIPArrayName "
     "plumb --ModifyMode Append "
     "--SecurityIps <source-cidr>"},
    {"During a restart of TiDB: try again in a minute; else look in TiDB's log for 'lost "
     "connection to PD'.",
     ""}};
constexpr RemedyTemplate kResetRemedy[] = {
    {"See which side resets: the load balancer's counters TCP_ELB_Reset_Count, "
     "TCP_Target_Reset_Count and "
     "TCP_Client_Reset_Count say it.",
     "aws cloudwatch get-metric-statistics --namespace AWS/NetworkELB --metric-name "
     "TCP_Target_Reset_Count "
     "--dimensions Name=LoadBalancer,Value=<net/name/id> --statistics Sum --period 60 --start-time "
     "<from> "
     "--end-time <to>"}};
constexpr RemedyTemplate kSilentRemedy[] = {
    {"Check that the listener is plain TCP to a healthy target; a TLS listener or an HTTP service "
     "waits for us "
     "to speak.",
     "aws elbv2 describe-listeners --load-balancer-arn <load-balancer-arn>"},
    {"If the greeting only comes late: switch reverse lookups off in the server's configuration "
     "and restart it.",
     "mysql -e \"SELECT @@skip_name_resolve\""}};
constexpr RemedyTemplate kForeignRemedy[] = {
    {"Correct host or port: TiDB listens on 4000, MySQL and MariaDB on 3306.", ""},
    {"If host and port are right, see where the load balancer's listener leads.",
     "aws elbv2 describe-listeners --load-balancer-arn <load-balancer-arn>"}};
constexpr RemedyTemplate kXRemedy[] = {
    {"Use the port of the classic protocol: 3306, or 4000 for TiDB.", ""}};
constexpr RemedyTemplate kLookupRemedy[] = {
    {"Set skip_name_resolve=ON in the server's configuration or parameter group and restart it.",
     "mysql -e \"SELECT @@skip_name_resolve\""}};

constexpr std::string_view kSilenceAnswers[] = {"mysql-no-greeting-timeout"};

const Cause kRows[] = {
    {"mysql-eof-before-greeting",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "The server closes without a word",
     "TCP is established, then an orderly close with no byte (client error 2013, 'reading initial "
     "communication "
     "packet').",
     "What listens at {address} accepts the connection and closes it without a greeting: whatever "
     "stands there "
     "refuses us or has no "
     "server behind it.",
     kEofRemedy,
     "A reset instead of a close is tcp-reset-during-connect; a close after about 10 s is the "
     "server's "
     "connect_timeout.",
     "Health of the load balancer's targets; the whitelist of the instance; TiDB's log line "
     "'reject connection due "
     "to lost connection to PD'.",
     "TiDB pkg/server/conn.go and server.go; Alibaba PolarDB white list",
     by<kEof>,
     {},
     sign::talk_failed},
    {"tcp-reset-during-connect",
     Layer::tcp,
     Severity::error,
     Owner::network,
     "The connection is reset before any byte",
     "connect() succeeds, then ECONNRESET before a greeting.",
     "What listens at {address} accepts the connection and resets it before a greeting: a load "
     "balancer or "
     "middlebox without a "
     "working target behind it.",
     kResetRemedy,
     "An orderly close is mysql-eof-before-greeting.",
     "The load balancer's metric that grows: TCP_ELB_Reset_Count or TCP_Target_Reset_Count.",
     "AWS, CloudWatch metrics of Network Load Balancers",
     by<kReset>,
     {},
     sign::talk_failed},
    {"mysql-no-greeting-timeout",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "The connection is up, but no greeting comes",
     "TCP is established, no byte and no close until our deadline.",
     "What listens at {address} accepts the connection but sends no greeting within {waited} s.",
     kSilentRemedy,
     "A service that waits for its client (HTTP, TLS), a full proxy with a dead target, a hung "
     "server, one that waits for a PROXY header, and a slow reverse lookup of our address all look "
     "alike.",
     "A greeting that comes after 5 to 30 s (--timeout 40s) means a slow reverse lookup; else the "
     "listener's protocol, its PROXY header and the health of its targets.",
     "MySQL manual, host cache; Alibaba PolarDB",
     match_silence,
     {},
     sign::talk_failed},
    {"mysql-not-mysql-server",
     Layer::mysql,
     Severity::error,
     Owner::client,
     "Something other than MySQL answers",
     "The first bytes are no MySQL packet: a text, a TLS record, another protocol.",
     "What listens at {address} is no MySQL server. It speaks {protocol}: \"{banner}\".",
     kForeignRemedy,
     "mysqlx is MySQL's X protocol on its own port. HTTP on every port: tcp-transparent-proxy.",
     "The first bytes, in mysql.banner.",
     "MySQL internals, Handshake V10",
     match_foreign,
     {},
     sign::talk_failed},
    {"mysql-x-protocol-port", Layer::mysql, Severity::error, Owner::client,
     "This is the port of MySQL's X protocol",
     "A length in four bytes and a notice (0x0b), or silence on port 33060.",
     "What listens at {address} is a MySQL server's port for the X protocol, not for the classic "
     "one.",
     kXRemedy, "A silent port other than 33060 is mysql-no-greeting-timeout.",
     "The server's @@mysqlx_port against the port in use.", "MySQL X protocol documentation",
     by_either<kXProtocol, kXPort>, kSilenceAnswers, sign::talk_failed},
    {"mysql-hostname-lookup-1042",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The server looks up our name, slowly or in vain",
     "Error 1042, or a greeting that comes only after 5 to 30 s.",
     "The server at {address} {what} ({waited} s). Before it greets, a MySQL server looks up the "
     "host "
     "name of the connecting address unless skip_name_resolve is on.",
     kLookupRemedy,
     "A greeting that is late on every second connection is rather an overloaded server.",
     "@@skip_name_resolve on the server; whether a second connection is greeted at once (the host "
     "cache).",
     "MySQL sql/sql_connect.cc",
     match_lookup,
     {},
     sign::seen(Phase::greeting)},
};

}  // namespace

std::span<const Cause> greeting_causes() { return kRows; }

}  // namespace plumb::mysql

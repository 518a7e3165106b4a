// How TLS begins: in MySQL only after the server's greeting, and with the server's name in the
// first message. A listener that wants it otherwise stays mute or answers with an alert.
#include <algorithm>
#include <array>
#include <string>

#include "checks/tls/causes.hpp"
#include "checks/tls/evidence.hpp"
#include "checks/tries.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tls {
namespace {

constexpr int kHandshakeFailure = 40, kUnrecognizedName = 112;  // RFC 8446 section 6

Seen mute_ports(const Case& about) {
  Seen seen;
  for (const Observation& one : experiment::first_pass(about.evidence))
    if (one.phase == Phase::greeting && one.failure == Failure::timed_out) seen.push_back(&one);
  return seen;
}

Verdict match_tls_first(const Case& about) {
  const Seen mute = mute_ports(about);
  if (mute.empty()) return Verdict::no("every server that accepted also spoke");
  Seen shown;
  std::vector<int> proof;
  bool greeted = false, tried = false;
  for (const Observation* one : mute) {
    const TlsFirstTry first = tls_first_at(about, one->endpoint);
    tried = tried || first.came_to != TlsFirst::untried;
    if (first.came_to < TlsFirst::answered) continue;
    greeted = greeted || first.came_to == TlsFirst::greeted_inside;
    shown.push_back(one);
    proof.insert(proof.end(), first.proof.begin(), first.proof.end());
  }
  if (shown.empty())
    return Verdict::no(tried ? "a ClientHello led to no TLS either"
                             : "no ClientHello was sent before a greeting");
  Verdict verdict =
      found(about, shown, greeted ? Confidence::certain : Confidence::likely, Severity::error,
            {{"inside", greeted ? "and a MySQL server greets inside it"
                                : "so it is a TLS listener or an HTTPS service"}});
  verdict.evidence.insert(verdict.evidence.end(), proof.begin(), proof.end());
  verdict.rank = 60;
  return verdict;
}

bool sent_no_name(const Observation& seen) { return !seen.facts.has(key::tls_sni); }

Verdict match_server_name(const Case& about) {
  const Seen unknown = handshakes(
      about, [](const Observation& seen) { return alert_of(seen) == kUnrecognizedName; });
  if (!unknown.empty()) {
    const bool none = sent_no_name(*unknown.front()) && about.target.literal();
    return found(about, unknown, Confidence::likely, Severity::error,
                 {{"sent_name", none ? "no name was sent" : about.name_to_check() + " was sent"}});
  }
  if (!about.target.literal() || !about.policy.server_name.empty())
    return Verdict::no("a server name was sent, and no server refused it");
  const Seen refused = handshakes(about, [](const Observation& seen) {
    return sent_no_name(seen) && alert_of(seen) == kHandshakeFailure &&
           !seen.facts.has(key::tls_cipher);
  });
  if (refused.empty()) return Verdict::no("no handshake without a server name was refused");
  Verdict verdict = found(about, refused, Confidence::possible, Severity::error,
                          {{"sent_name", "no name was sent"}});
  verdict.rank = 110;
  return verdict;
}

constexpr std::array kPlainListener{
    RemedyTemplate{"See what the listener speaks, and make it TCP: MySQL begins TLS only after its "
                   "greeting.",
                   "aws elbv2 describe-listeners --load-balancer-arn <load-balancer-arn> --query "
                   "'Listeners[].[ListenerArn,Port,Protocol]'"},
    RemedyTemplate{"Change it.",
                   "aws elbv2 modify-listener --listener-arn <listener-arn> --protocol TCP --port "
                   "{port} --default-actions Type=forward,TargetGroupArn=<target-group-arn>"},
    RemedyTemplate{"If it is an HTTPS service, host or port are wrong: TiDB listens on 4000, MySQL "
                   "and MariaDB on 3306.",
                   ""}};

constexpr std::array kSendName{
    RemedyTemplate{"Connect by the DNS name, or say which name to send.",
                   "plumb check --server-name <name> {host}:{port}"},
    RemedyTemplate{"Let the driver send it (SNI): old Connector/J and some proxies leave it out; a "
                   "gateway chooses its certificate by it.",
                   "openssl s_client -starttls mysql -connect {host}:{port} -servername <name> "
                   "</dev/null"}};

constexpr std::array<std::string_view, 1> kSilence{"mysql-no-greeting-timeout"};

constexpr std::array kRows{
    Cause{.id = "tls-direct-before-greeting",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::endpoint_owner,
          .title = "The port wants TLS before any greeting",
          .shows_as = "TCP is established and no greeting comes; a ClientHello sent first is "
                      "answered (the reverse: a client that sends it first to MySQL sees "
                      "'wrong version number')",
          .summary = "What listens at {addresses_shown} sends no greeting but answers a TLS "
                     "ClientHello, {inside}. MySQL clients wait for the greeting first.",
          .remedy = kPlainListener,
          .look_alikes = "An HTTPS service on this port: TLS completes, but no MySQL greeting "
                         "comes inside it. A server that only hangs answers neither.",
          .decide_by = "aws elbv2 describe-listeners: Protocol TLS on this port; without a load "
                       "balancer, what listens there.",
          .source = "MySQL protocol, connection phase; AWS, listeners of Network Load Balancers",
          .match = match_tls_first,
          .supersedes = kSilence,
          .needs = sign::failed(Phase::greeting)},
    Cause{.id = "tls-sni-missing-or-stripped",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The server wants a server name (SNI) that it did not get",
          .shows_as = "alert 112 unrecognized_name; without SNI also alert 40, or a default "
                      "certificate for another name",
          .summary = "The server at {addresses_shown} refuses the server name of the handshake "
                     "({sent_name}): {raw}.",
          .remedy = kSendName,
          .look_alikes = "A name that the server really does not serve: wrong host, or an alias. "
                         "Alert 40 alone is rather tls-no-shared-cipher.",
          .decide_by = "Two handshakes, with the console's name and without any: only the first "
                       "completes.",
          .source = "RFC 6066 section 3; alert 112",
          .match = match_server_name,
          .needs = sign::odd_tls}};

}  // namespace

std::span<const Cause> opening_causes() { return kRows; }

}  // namespace plumb::tls

#include "tests/support/sample_reports.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "checks/mysql/facts.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/sample_evidence.hpp"

namespace plumb::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHost = "privatelink-19283.q9xkz.clusters.tidb-cloud.com";
constexpr std::string_view kA = "10.0.1.15:4000", kB = "10.0.2.98:4000", kC = "10.0.3.41:4000";

Report begun(Micros took) {
  Report report{sample_case(kHost, "tidb-dedicated-private", took), {}};
  report.about.evidence.add(resolved(kHost, {"10.0.1.15", "10.0.2.98", "10.0.3.41"}));
  return report;
}

Finding finding(std::string id, Layer layer, Severity severity, Confidence confidence,
                Owner owner) {
  Finding out;
  out.id = std::move(id);
  out.layer = layer;
  out.severity = severity;
  out.confidence = confidence;
  out.owner = owner;
  return out;
}

// One address that goes all the way; returns the number of its TLS step.
int talk(Report& report, std::string_view endpoint, int micros) {
  Evidence& evidence = report.about.evidence;
  const int connect = evidence.add(connected(endpoint, 1, micros));
  const int greeting = evidence.add(greeted(endpoint, connect));
  const int tls = evidence.add(secured(endpoint, greeting, kHost));
  evidence.add(logged_in(endpoint, tls));
  return tls;
}

Report healthy() {
  Report report = begun(24731us);
  for (const auto endpoint : {kA, kB, kC}) talk(report, endpoint, 1240);
  report.diagnosis.outcome = Outcome::ok;
  report.diagnosis.set_aside = {{"dns-nxdomain", "the name resolves"},
                                {"tcp-refused-no-listener", "every address accepts"}};
  return report;
}

std::vector<Finding> silent_candidates() {
  auto port = finding("tcp-endpoint-sg-blocks-port", Layer::tcp, Severity::critical,
                      Confidence::likely, Owner::endpoint_owner);
  port.summary =
      "None of the 3 addresses answers a SYN to port 4000, and no device says why. Most often the "
      "security "
      "group of the VPC endpoint has no inbound rule for this port.";
  port.remedy = {{"Allow TCP 4000 from the clients in the endpoint's security group:",
                  "aws ec2 authorize-security-group-ingress --group-id <endpoint-sg> --protocol "
                  "tcp --port 4000 --source-group <client-sg>"}};
  port.evidence = {2, 3, 4};
  port.decide_by = {
      "aws ec2 describe-security-groups --group-ids <endpoint-sg>: no IpPermissions[] covers "
      "tcp/4000 from this client."};
  auto pending = finding("cloud-endpoint-pending-acceptance", Layer::cloud, Severity::critical,
                         Confidence::possible, Owner::service_provider);
  pending.summary =
      "The endpoint's connection request may not have been accepted by the service yet.";
  pending.remedy = {{"Accept the connection request on the service's side:",
                     "aws ec2 accept-vpc-endpoint-connections --service-id <vpce-svc> "
                     "--vpc-endpoint-ids <vpce>"}};
  pending.evidence = {2, 3, 4};
  pending.decide_by = {
      "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: State is pendingAcceptance."};
  auto acl = finding("tcp-nacl-blocks-forward", Layer::tcp, Severity::critical,
                     Confidence::possible, Owner::network);
  acl.summary =
      "A network ACL between the client's and the endpoint's subnets may drop the packets.";
  acl.remedy = {{"Allow TCP 4000 in the network ACL of the endpoint's subnets.", ""}};
  acl.evidence = {2, 3, 4};
  acl.decide_by = {
      "aws ec2 describe-network-acls --filters "
      "Name=association.subnet-id,Values=<client-subnet>,<endpoint-subnet>"};
  return {port, pending, acl};
}

Report silent_syn() {
  Report report = begun(7s + 412us);
  for (const auto endpoint : {kA, kB, kC}) report.about.evidence.add(silent(endpoint, 1));
  report.diagnosis.outcome = Outcome::failed;
  report.diagnosis.findings = silent_candidates();
  report.diagnosis.set_aside = {{"dns-nxdomain", "the name resolves"},
                                {"tcp-refused-no-listener", "no address refuses"},
                                {"tcp-partial-az-failure", "no address answers"}};
  return report;
}

Report public_ip() {
  Report report{sample_case(kHost, "tidb-dedicated-private", 10s), {}};
  report.about.evidence.add(resolved(kHost, {"203.0.113.24"}));
  report.about.evidence.add(silent("203.0.113.24:4000", 1));
  auto root = finding("dns-resolves-to-public-ip", Layer::dns, Severity::error, Confidence::certain,
                      Owner::endpoint_owner);
  root.summary =
      "The name resolves to the public address 203.0.113.24, but this profile is reached over a "
      "private one.";
  root.remedy = {{"Turn on private DNS for the endpoint once it is available:",
                  "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --private-dns-enabled"},
                 {"Wait a minute, then look again:",
                  "dig +short privatelink-19283.q9xkz.clusters.tidb-cloud.com @169.254.169.253"}};
  root.evidence = {1};
  report.diagnosis = {
      Outcome::failed, {root}, {{"dns-hosts-file-override", "no hosts file names it"}}};
  return report;
}

Report wrong_ca() {
  Report report = begun(26304us);
  const int tls = talk(report, kA, 1240);
  auto& seen = report.about.evidence.observations[static_cast<std::size_t>(tls) - 1];
  seen.failure = Failure::certificate_untrusted;
  seen.raw = "unable to get local issuer certificate";
  seen.facts.set(key::tls_chain_ok, false);
  seen.facts.set(key::tls_verify_code, std::int64_t{20});
  seen.facts.set(key::tls_verify_text, std::string("unable to get local issuer certificate"));
  auto root = finding("tls-wrong-ca-for-deployment", Layer::tls, Severity::error,
                      Confidence::certain, Owner::client);
  root.summary =
      "The certificate was issued by \"C=US, O=Let's Encrypt, CN=E7\", which /etc/plumb/ca.pem "
      "does not lead to.";
  root.remedy = {{"Fetch the CA file of this deployment and give it with --ca:",
                  "curl -sSo isrgrootx1.pem https://letsencrypt.org/certs/isrgrootx1.pem"}};
  root.evidence = {tls};
  report.diagnosis = {
      Outcome::failed, {root}, {{"tls-hostname-mismatch", "the leaf is for the name"}}};
  return report;
}

Report expired_and_wrong_name() {
  Report report = begun(26304us);
  const int tls = talk(report, kA, 1240);
  auto& seen = report.about.evidence.observations[static_cast<std::size_t>(tls) - 1];
  seen.failure = Failure::certificate_expired;
  seen.raw = "certificate has expired";
  seen.facts.set(key::tls_not_after, std::string("2026-11-18T12:00:00Z"));
  seen.facts.set(key::tls_dates_ok, false);
  seen.facts.set(key::tls_name_ok, false);
  auto expired = finding("tls-certificate-expired", Layer::tls, Severity::error,
                         Confidence::certain, Owner::pki);
  expired.summary = "The server's certificate expired 2 days ago, at 2026-11-18T12:00:00Z.";
  expired.remedy = {
      {"Renew the certificate on the server; nothing on this side or on the path is at fault.",
       ""}};
  expired.evidence = {tls};
  auto name = finding("tls-hostname-mismatch", Layer::tls, Severity::error, Confidence::certain,
                      Owner::client);
  name.summary = "The certificate is for db.internal.example, not for the name that was asked for.";
  name.remedy = {
      {"Connect by the name in the certificate, or name it with --server-name db.internal.example.",
       ""}};
  name.evidence = {tls};
  report.diagnosis = {Outcome::failed, {expired, name}, {}};
  return report;
}

Report dead_zone() {
  Report report = begun(7s + 412us);
  talk(report, kA, 1240);
  talk(report, kB, 1311);
  const int dead = report.about.evidence.add(silent(kC, 1));
  auto root = finding("tcp-partial-az-failure", Layer::tcp, Severity::warning, Confidence::likely,
                      Owner::service_provider);
  root.summary =
      "1 of 3 addresses does not answer: 10.0.3.41. Clients that are given it hang; the others "
      "work.";
  root.remedy = {{"Look at the targets of the load balancer in that address's zone:",
                  "aws elbv2 describe-target-health --target-group-arn <target-group>"}};
  root.evidence = {dead, 2, 6};
  root.decide_by = {
      "describe-target-health shows no healthy target in the zone, with cross-zone load balancing "
      "off."};
  auto soon = finding("tls-certificate-expires-soon", Layer::tls, Severity::info,
                      Confidence::certain, Owner::pki);
  soon.summary = "The certificate expires in 58 days.";
  soon.remedy = {{"Make sure that it is renewed in time.", ""}};
  soon.evidence = {4};
  report.diagnosis = {
      Outcome::degraded, {root, soon}, {{"tcp-no-route", "every address has a route"}}};
  return report;
}

Report not_measured() {
  Report report{sample_case(kHost, "tidb-dedicated-private", 310us), {}};
  Observation local;
  local.took = 310us;
  local.failure = Failure::local_limit;
  local.raw = "no interface but loopback";
  local.facts.set(key::local_addresses, std::vector<std::string>{});
  local.facts.set(key::local_default_route, false);
  report.about.evidence.add(local);
  auto root = finding("client-no-network", Layer::client, Severity::error, Confidence::certain,
                      Owner::client);
  root.summary = "This host has no network interface but loopback: nothing could be measured.";
  root.remedy = {
      {"Bring up an interface, or run plumb where the application runs:", "ip -brief address"}};
  root.evidence = {1};
  report.diagnosis = {Outcome::unknown, {root}, {}};
  return report;
}

}  // namespace

const std::vector<Sample>& sample_reports() {
  static const std::vector<Sample> samples{{"healthy", healthy()},
                                           {"silent-syn", silent_syn()},
                                           {"public-ip", public_ip()},
                                           {"wrong-ca", wrong_ca()},
                                           {"expired-and-wrong-name", expired_and_wrong_name()},
                                           {"dead-zone", dead_zone()},
                                           {"unknown", not_measured()}};
  return samples;
}

const Report& sample(std::string_view name) {
  for (const Sample& known : sample_reports())
    if (known.name == name) return known.report;
  throw std::invalid_argument("no sample " + std::string(name));
}

std::vector<Report> dead_resolver_fleet() {
  std::vector<Report> fleet{sample("healthy")};
  for (const char* host : {"orders.db.example", "users.db.example", "stock.db.example"}) {
    Report report{sample_case(host, "mysql", 3s), {}};
    Observation silence = resolved(host, {});
    silence.resolver = "10.0.7.2:53";
    silence.took = 3s;
    silence.failure = Failure::timed_out;
    silence.facts = {};
    silence.facts.set(key::dns_question_name, std::string(host));
    silence.facts.set(key::dns_question_type, std::string("A"));
    report.about.evidence.add(silence);
    auto root = finding("dns-resolver-timeout", Layer::dns, Severity::error, Confidence::certain,
                        Owner::network);
    root.summary = "The resolver 10.0.7.2:53 does not answer.";
    root.remedy = {{"Let UDP and TCP port 53 pass to it, or configure another one.", ""}};
    root.evidence = {1};
    report.diagnosis = {Outcome::failed, {root}, {}};
    fleet.push_back(std::move(report));
  }
  return fleet;
}

Report hostile_report() {
  static const std::string evil =  // what is ruled out only looks at it
      "\x1b]0;owned\x07\x1b[31m<script>alert(1)</script>\"'&|\r\n# HELP \\ \xff\xfe \xe2\x80\xae";
  Report report = wrong_ca();
  report.about.target.host = "h" + evil;
  for (Observation& seen : report.about.evidence.observations) {
    seen.raw = evil;
    if (seen.phase == Phase::connect) seen.endpoint += evil;
    seen.facts.set(mysql::key::version, evil);
    seen.facts.set(key::tls_version, evil);
    seen.facts.set(key::tls_san, std::vector<std::string>{evil});
    seen.facts.set_raw("evil" + evil, Value(evil));
  }
  Finding& root = report.diagnosis.findings.front();
  root.id = "tls-" + evil;
  root.summary = evil;
  root.remedy = {{evil, evil}};
  root.decide_by = {evil};
  root.confidence = Confidence::possible;
  report.diagnosis.set_aside = {{evil, evil}};
  return report;
}

}  // namespace plumb::test

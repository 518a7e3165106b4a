// What stands in front of the server answers for it: TiDB Cloud's gateway, TiProxy, ApsaraDB's
// white list. Their texts are matched, since one number (1105) serves for everything.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/pattern.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::mysql {
namespace {

constexpr Pattern kMissingPrefix{
    [](const Observation& seen) {
      return as_account(seen) && error_says(seen, "Missing user name prefix");
    },
    Confidence::certain, Severity::error, "no gateway misses a user name prefix"};
// Seen in public threads only: neither its number nor every reason for it is documented.
constexpr Pattern kUnknownPrefix{
    [](const Observation& seen) {
      return as_account(seen) && error_says(seen, "check your user name and password") &&
             error_says(seen, "user-name-prefix");
    },
    Confidence::likely, Severity::error, "no gateway says that the prefix is unknown"};
constexpr Pattern kInsecure{[](const Observation& seen) {
                              return is_error(seen, {1105}) &&
                                     error_says(seen, "insecure transport are prohibited");
                            },
                            Confidence::certain, Severity::error, "no gateway insists on TLS"};
constexpr Pattern kQuota{
    [](const Observation& seen) { return error_says(seen, "usage quota being exhausted"); },
    Confidence::certain, Severity::error, "no usage quota is exhausted"};
constexpr Pattern kNoBackend{[](const Observation& seen) {
                               return error_says(seen, "No available TiDB instances") ||
                                      error_says(seen, "TiProxy fails to connect to TiDB") ||
                                      error_says(seen, "require-backend-tls=true") ||
                                      error_says(seen, "Verify TiDB capability failed");
                             },
                             Confidence::certain, Severity::error, "no TiProxy misses its backend"};
// TiProxy looks for a backend for 15 s before it says that there is none (ConnectTimeout of its
// pkg/proxy/backend; measured), longer than our budget may be.
constexpr Pattern kStillLooking{
    [](const Observation& seen) { return is_failure(seen, Phase::login, Failure::timed_out); },
    Confidence::likely, Severity::error, "no TiProxy misses its backend", 90};
constexpr std::string_view kLongerTry =
    "plumb check --timeout 25s: after 15 s TiProxy says itself that it has no TiDB.";
// The packet itself was never seen, only what a client made of it.
constexpr Pattern kWhitelist{
    [](const Observation& seen) { return error_says(seen, "ip not in whitelist"); },
    Confidence::possible, Severity::error, "no white list refuses this address"};

// What a firewall rule of TiDB Cloud's refuses with is not documented: any other error of its
// gateway may be that. A candidate beside the server's own words, never the root.
bool is_known(const Observation& seen) {
  return kMissingPrefix.applies(seen) || kUnknownPrefix.applies(seen) || kInsecure.applies(seen) ||
         kQuota.applies(seen) || kNoBackend.applies(seen) || kWhitelist.applies(seen) ||
         error_says(seen, "user-name-prefix");
}
constexpr Pattern kOtherGatewayError{
    [](const Observation& seen) {
      return (is_error(seen, {1105}) || error_says(seen, "docs.pingcap.com")) && !is_known(seen);
    },
    Confidence::possible, Severity::warning, "no gateway of TiDB Cloud's sent an unknown error",
    120};

// The rule is documented, so the password was not sent. The gateway that refuses the anonymous name
// for the same reason proves that it holds here.
Verdict match_missing_prefix(const Case& about) {
  Verdict refused = match(about, kMissingPrefix);
  const std::string& account = about.policy.account;
  if (refused.matched || account.empty() || may_be_user_of(*about.profile, account)) return refused;
  std::vector<int> logins;
  bool said = false;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.phase != Phase::login) continue;
    logins.push_back(seen.n);
    said = said || error_says(seen, "Missing user name prefix");
  }
  const bool reached = !logins.empty();
  if (!reached) logins.push_back(1);
  return Verdict::yes(said ? Confidence::certain : Confidence::likely,
                      reached ? Severity::error : Severity::warning, std::move(logins),
                      {{"address", about.target.host}, {"user", account + " (it was not tried)"}});
}

Verdict match_gateway_firewall(const Case& about) {
  if (about.profile->product != Product::tidb_starter)
    return Verdict::no("the profile is not one of TiDB Cloud Starter or Essential");
  return match(about, kOtherGatewayError);
}

Verdict match_no_backend(const Case& about) {
  Verdict said = match(about, kNoBackend);
  if (said.matched) {
    said.bindings.emplace_back("says",
                               "reaches no TiDB: \"" + std::string(said.bound("message")) + "\"");
    return said;
  }
  Verdict looking = match(about, kStillLooking);
  if (!looking.matched) return said;
  const Observation& mute = *about.evidence.find(looking.evidence.front());
  const Observation* greeting = greeting_at(about, mute.endpoint);
  if (greeting == nullptr || greeting->facts.get_or(key::flavor, std::string()) != "tiproxy")
    return said;
  looking.bindings.emplace_back(
      "says", "then leaves the login without an answer, as it does while it finds no TiDB");
  looking.decide_by = kLongerTry;
  return looking;
}

constexpr RemedyTemplate kFirewallRemedy[] = {
    {"Public endpoint: add the address this network leaves from in the console, Networking > "
     "Public Endpoint > Firewall rules.",
     "curl -s https://checkip.amazonaws.com"},
    {"Private endpoint: an empty list of Authorized Networks lets everybody in; else add the pair "
     "of service name and endpoint id.",
     "aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[VpcEndpointId,ServiceName]'"}};
constexpr RemedyTemplate kPrefixRemedy[] = {
    {"Log in as <prefix>.<name>: the prefix stands in the console's Connect dialog.",
     "mysql -u '<prefix>.{user}' -h {host} -P {port} -p"},
    {"In a URL, percent-encode @ : / ? and # of the password: unescaped they cut the user name.",
     ""}};
constexpr RemedyTemplate kUnknownPrefixRemedy[] = {
    {"Copy user and host from the same Connect dialog of the console: prefix and region belong "
     "together.",
     "ticloud serverless describe -c <cluster-id>"}};
constexpr RemedyTemplate kInsecureRemedy[] = {
    {"Switch TLS on in the client (MariaDB's: --ssl-verify-server-cert in place of --ssl-mode).",
     "mysql --ssl-mode=VERIFY_IDENTITY --ssl-ca=<ca.pem> -h {host} -P {port} -u <user> -p"},
    {"The public endpoint never does without TLS; on a private one it is documented as optional.",
     ""}};
constexpr RemedyTemplate kQuotaRemedy[] = {
    {"Raise the spending limit in the console, or wait for the next month.",
     "ticloud serverless spending-limit -c <cluster-id> --monthly <cents>"}};
constexpr RemedyTemplate kNoBackendRemedy[] = {
    {"Wait for the TiDB nodes, or resume the cluster in the console.",
     "plumb wait {host}:{port} --for ok --deadline 10m"},
    {"With a TiProxy of your own: compare security.require-backend-tls and proxy.proxy-protocol "
     "with TiDB's "
     "settings.",
     ""}};
constexpr RemedyTemplate kWhitelistRemedy[] = {
    {"Add the address that the server sees, {server_sees} (behind a load balancer: its vSwitch's "
     "range), to the white "
     "list.",
     "aliyun rds ModifySecurityIps --DBInstanceId <rm-id> --DBInstanceIPArrayName plumb "
     "--ModifyMode Append "
     "--SecurityIps <source-cidr>"}};

constexpr std::string_view kDenial[] = {"mysql-access-denied-1045"};
constexpr std::string_view kTransport[] = {"mysql-secure-transport-3159"};

const Cause kRows[] = {
    {"mysql-missing-user-prefix", Layer::mysql, Severity::error, Owner::client,
     "The user name lacks TiDB Cloud's prefix", "Error 1105: Missing user name prefix.",
     "TiDB Cloud's gateway at {address} cannot tell the cluster: the user name has no prefix: "
     "{user}.",
     kPrefixRemedy, "A password with @ or / in a URL shifts the user name and shows the same text.",
     "The user name that the console's Connect dialog shows: with a prefix of 15 characters and a "
     "point, it is this.",
     "TiDB Cloud documentation, user name prefix", match_missing_prefix, kDenial,
     sign::talk_failed | sign::account},
    {"mysql-unknown-user-prefix", Layer::mysql, Severity::error, Owner::client,
     "TiDB Cloud does not know the user name's prefix",
     "Access denied with a link to the documentation of user name prefixes, without 'user'@'host'.",
     "TiDB Cloud's gateway at {address} finds no cluster for the prefix in {user}: mistyped, "
     "another region's host, or "
     "a deleted cluster.",
     kUnknownPrefixRemedy,
     "With 'user'@'host' in the text the server itself refused: mysql-access-denied-1045.",
     "ticloud serverless describe -c <cluster-id>: userPrefix and endpoints.public.host (or "
     ".private.host) are those in use.",
     "public issue threads; TiDB Cloud documentation", by<kUnknownPrefix>, kDenial,
     sign::talk_failed},
    {"mysql-insecure-transport-gateway", Layer::mysql, Severity::error, Owner::client,
     "TiDB Cloud's gateway insists on TLS",
     "Error 1105: Connections using insecure transport are prohibited.",
     "TiDB Cloud's gateway at {address} only lets clients in over TLS, and this connection was "
     "without.",
     kInsecureRemedy, "3159 is the server itself: mysql-secure-transport-3159.", "",
     "TiDB Cloud documentation, secure connections", by<kInsecure>, kTransport, sign::talk_failed},
    {"mysql-starter-firewall-or-authorized-networks",
     Layer::mysql,
     Severity::warning,
     Owner::endpoint_owner,
     "TiDB Cloud's firewall rules or Authorized Networks lack this network",
     "An error of the gateway's (1105, or with a link to its documentation) that no other cause "
     "knows, only from this network. Its text is not documented.",
     "TiDB Cloud's gateway at {address} refuses with an error that plumb does not know: "
     "\"{message}\". A firewall rule, or Authorized Networks, may be the reason.",
     kFirewallRemedy,
     "Any other trouble of the gateway's. From another network the same login succeeds, if it is "
     "this.",
     "The console: Networking > Public Endpoint, and Authorized Networks; the same login from "
     "another network.",
     "TiDB Cloud documentation, firewall rules and private endpoints (the texts are not in it)",
     match_gateway_firewall,
     {},
     sign::talk_failed},
    {"mysql-usage-quota-exhausted",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "The cluster's usage quota is exhausted",
     "Error 1105: Due to the usage quota being exhausted.",
     "TiDB Cloud has closed the cluster behind {address}: its quota of this month is used up.",
     kQuotaRemedy,
     "Other texts under 1105 are other causes.",
     "",
     "TiDB Cloud documentation, usage quota",
     by<kQuota>,
     {},
     sign::talk_failed},
    {"mysql-tiproxy-no-backend",
     Layer::mysql,
     Severity::error,
     Owner::service_provider,
     "TiProxy answers, but has no TiDB behind it",
     "Error 1105 with a text of TiProxy's, 15 s after the login; until then silence.",
     "TiProxy at {address} greets, and {says}. The network up to it is healthy.",
     kNoBackendRemedy,
     "A TiDB that hangs leaves the login without an answer for longer.",
     "",
     "TiProxy pkg/proxy/backend; measured on TiProxy 1.4.0-beta.1",
     match_no_backend,
     {},
     sign::talk_failed},
    {"mysql-rds-ip-whitelist", Layer::mysql, Severity::error, Owner::dba,
     "The instance's white list does not hold our address",
     "Error 1045 or 2801 with 'ip not in whitelist', in place of the greeting.",
     "The server at {address} says \"{message}\". Possibly the white list of the ApsaraDB instance "
     "behind it does not hold the address it sees: {server_sees}.",
     kWhitelistRemedy, "PolarDB closes without a word instead: mysql-eof-before-greeting.",
     "aliyun rds DescribeDBInstanceIPArrayList --DBInstanceId <rm-id>: SecurityIPList (0.0.0.0 is "
     "not 0.0.0.0/0).",
     "Alibaba Cloud, 'cannot connect from ECS to RDS'", by<kWhitelist>, kDenial, sign::talk_failed},
};

}  // namespace

std::span<const Cause> gateway_causes() { return kRows; }

}  // namespace plumb::mysql

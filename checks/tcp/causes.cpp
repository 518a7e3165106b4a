#include "checks/tcp/causes.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "checks/places.hpp"
#include "checks/tcp/attempts.hpp"
#include "checks/tcp/established_rows.hpp"
#include "checks/tcp/partial.hpp"
#include "checks/tcp/silent.hpp"
#include "checks/tcp/silent_elsewhere_rows.hpp"
#include "checks/tcp/silent_provider_rows.hpp"
#include "checks/tcp/silent_rows.hpp"
#include "probe/model/cloud.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

using tcp::Attempt;
using tcp::Attempts;

Verdict certain(const Case& about, const std::vector<Attempt>& found, Bindings bindings = {}) {
  bindings.emplace_back("failing", tcp::describe(found, places_tried(about)));
  return Verdict::yes(Confidence::certain, Severity::error, tcp::numbers(found),
                      std::move(bindings));
}

// Why nothing listens behind a load balancer is a question of its own, with candidates of its own.
constexpr int kBeforeItsReasons = 4;

// What speaks against "nothing listens on this port, and that is all".
struct Doubt {
  int tried_again = 0, answered = 0;
  std::uint16_t greets_on = 0;  // another port of a refused address
  std::vector<int> proof;
};

Doubt doubt_of(const Case& about, const std::vector<Attempt>& refused) {
  Doubt doubt;
  const auto is_refused = [&](const Endpoint& endpoint, bool same_port) {
    return std::ranges::any_of(refused, [&](const Attempt& one) {
      return one.endpoint.address == endpoint.address &&
             (!same_port || one.endpoint.port == endpoint.port);
    });
  };
  for (const auto& path : experiment::paths(about, experiment::kRepeat)) {
    const auto endpoint = Endpoint::parse(path.connect->endpoint);
    if (!endpoint || !is_refused(*endpoint, true)) continue;
    ++doubt.tried_again;
    doubt.answered += path.connected() ? 1 : 0;
    if (path.connected()) doubt.proof.push_back(path.connect_n);
  }
  for (const auto& path : experiment::paths(about, experiment::kSecondPort)) {
    const auto endpoint = Endpoint::parse(path.connect->endpoint);
    if (!endpoint || !is_refused(*endpoint, false) || !path.greeted()) continue;
    doubt.greets_on = endpoint->port;
    doubt.proof.push_back(path.last_n);
  }
  return doubt;
}

// A balancer or a gateway in between passes on, or gives, an RST for other reasons as well.
bool is_behind_another(const Case& about) {
  return about.profile->behind_load_balancer || about.profile->product == Product::tidb_dedicated;
}

Verdict match_refused(const Case& about) {
  std::vector<Attempt> refused = tcp::failed_attempts(about, {Failure::refused});
  std::erase_if(refused, tcp::is_icmp_reject);
  if (refused.empty()) return Verdict::no("no host refused the connection by itself");
  const Doubt doubt = doubt_of(about, refused);
  std::string but = ".";
  if (doubt.greets_on > 0)
    but += " Port " + std::to_string(doubt.greets_on) +
           " of the same address greets as MySQL: the client asks for the wrong port.";
  if (doubt.answered > 0)
    but += " Tried again, " + std::to_string(doubt.answered) + " of " +
           std::to_string(doubt.tried_again) + " attempts were accepted: it comes and goes.";
  Verdict verdict = certain(about, refused, {{"but", but}});
  std::ranges::copy(doubt.proof, std::back_inserter(verdict.evidence));
  if (doubt.greets_on > 0 || tcp::is_loopback_target(refused)) verdict.owner = Owner::client;
  verdict.rank = kBeforeItsReasons;
  if (is_behind_another(about)) verdict.confidence = Confidence::likely;
  if (doubt.answered > 0) verdict.confidence = Confidence::possible;
  constexpr std::string_view kElsewhere =
      "On the target: ss -ltn shows whether something listens on {port}. Behind a load balancer: "
      "its owner sees whether the target is the database's present address.";
  verdict.decide_by = in_cloud(about, {kElsewhere, kElsewhere, kElsewhere});
  return verdict;
}

// The sender of a rejection is an address of this host's.
bool is_own(const Case& about, const std::string& device) {
  return std::ranges::any_of(about.evidence.observations, [&](const Observation& seen) {
    const auto* own = seen.facts.get(key::local_addresses);
    return own && std::ranges::find(*own, device) != own->end();
  });
}

std::vector<Attempt> rejected(const Case& about) {
  std::vector<Attempt> found;
  if (!tcp::some_connect_failed(about)) return found;
  std::ranges::copy_if(
      tcp::attempts_of(about).all, std::back_inserter(found),
      [](const Attempt& attempt) { return !attempt.worked() && tcp::is_icmp_reject(attempt); });
  return found;
}

Verdict match_prohibited(const Case& about) {
  const std::vector<Attempt> found = rejected(about);
  if (found.empty()) return Verdict::no("no device sent an ICMP prohibition");
  const std::string device = tcp::sender(found);
  if (is_own(about, device)) return Verdict::no("this host itself sent the ICMP prohibition");
  return certain(about, found,
                 {{"device", device.empty() ? "a device that did not show its address" : device}});
}

// Nothing came back and nobody said why: then these two are candidates among others.
Verdict reworded(Verdict verdict, Bindings bindings) {
  if (!verdict.matched) return verdict;
  for (auto& [name, value] : verdict.bindings)
    if (name == "silent") bindings.emplace_back("failing", value);
  verdict.bindings = std::move(bindings);
  return verdict;
}

Verdict match_no_route(const Case& about) {
  std::vector<Attempt> lost = tcp::failed_attempts(
      about, {Failure::net_unreachable, Failure::host_unreachable, Failure::no_route});
  std::erase_if(lost, tcp::is_icmp_reject);
  if (lost.empty())
    return reworded(
        tcp::silent_without_route(about),
        {{"no_way", "Nothing answers at"},
         {"said_by", ". Possibly there is no route: inside a VPC a missing one is silent"}});
  const bool only_names_without_v4 =
      !about.target.literal() && std::ranges::all_of(lost, tcp::has_no_way_out);
  if (only_names_without_v4)
    return Verdict::no("only IPv6 is unreachable, and the name decides that");
  const bool no_v4 = std::ranges::none_of(
      lost, [](const Attempt& attempt) { return attempt.endpoint.address.is_v4(); });
  const std::string device = tcp::sender(lost);
  Verdict verdict = certain(
      about, lost,
      {{"no_way", "There is no way to"},
       {"said_by", device.empty() ? ", says this host itself" : ", says the device " + device}});
  // The neighbour was asked for in vain: as well the address of an endpoint that is gone.
  const bool unanswered = std::ranges::all_of(lost, [](const Attempt& attempt) {
    return attempt.seen->failure == Failure::host_unreachable && !tcp::has_icmp(*attempt.seen);
  });
  if (unanswered && (about.profile->address == Expected::private_address || no_v4))
    verdict.confidence = Confidence::likely;
  return verdict;
}

Verdict match_local_firewall(const Case& about) {
  std::vector<Attempt> denied = tcp::failed_attempts(about, {Failure::permission_denied});
  if (const auto found = rejected(about); is_own(about, tcp::sender(found))) denied = found;
  if (!denied.empty())
    return certain(about, denied,
                   {{"forbids", "This host itself forbids"},
                    {"counted", "."},
                    {"behind", "A policy, a prohibit route, a rule of its firewall or a sandbox"}});
  Verdict verdict = tcp::silent_at_this_host(about);
  return reworded(verdict, verdict.bindings);
}

Verdict match_ephemeral(const Case& about) {
  const auto without = tcp::failed_attempts(about, {Failure::address_unavailable});
  if (without.empty()) return Verdict::no("a local address and port were free");
  Verdict verdict = certain(about, without);
  // A name of IPv6 addresses only, on a host without any, fails just so.
  const bool by_family =
      !about.target.literal() && std::ranges::all_of(without, tcp::has_no_way_out);
  if (!by_family) return verdict;
  const auto has_ipv6 = tcp::has_ipv6(about);
  if (has_ipv6 == false) return Verdict::no("this host has no IPv6 address");
  verdict.confidence = has_ipv6 ? Confidence::likely : Confidence::possible;
  return verdict;
}

constexpr RemedyTemplate kRefused[] = {
    {"The port: TiDB's is 4000, MySQL's 3306; the connection dialog says which.", ""},
    {"On the target: see what listens, start the database, or bind it to an address that others "
     "reach.",
     "ss -ltnp 'sport = :{port}'"},
    {"A managed database: see in its console whether it is stopped, paused or restarting.", ""},
    {"Behind a load balancer: register the port on which the database listens.",
     "aws elbv2 register-targets --target-group-arn <tg> --targets Id=<db-ip>,Port=<db-port>",
     {},
     Cloud::aws}};
constexpr RemedyTemplate kProhibited[] = {
    {"Allow tcp/{port} from this client on the device that rejects it: {device}.", ""}};
constexpr RemedyTemplate kNoRoute[] = {
    {"See which route this host takes.", "ip route get {address}"},
    {"In the VPC: add the route, in both directions (or --transit-gateway-id, --nat-gateway-id).",
     "aws ec2 create-route --route-table-id <rtb> --destination-cidr-block <cidr> "
     "--vpc-peering-connection-id <pcx>",
     {},
     Cloud::aws}};
constexpr RemedyTemplate kLocalFirewall[] = {
    {"Look for a prohibit route, then for a rule of this host that stops it.",
     "ip route get {address}"},
    {"Allow it in the host's firewall.",
     "sudo nft insert rule inet filter output tcp dport {port} accept"},
    {"If it drops the answers: let in what belongs to its own connections.",
     "sudo nft insert rule inet filter input ct state established,related accept"},
    {"In Kubernetes: add an egress rule for {address}.", "kubectl get networkpolicy -A"}};
constexpr RemedyTemplate kEphemeral[] = {
    {"Find who holds the ports, and reuse connections.", "ss -s"},
    {"Widen the range.", "sudo sysctl -w net.ipv4.ip_local_port_range='10240 65000'"},
    {"With --source: give an address that this host has.", "ip -brief address"}};
constexpr RemedyTemplate kPartial[] = {
    {"Find the zone of each failing address, and compare its network rules and its targets.", ""},
    {"In AWS: see its subnet, then that subnet's network ACL.",
     "aws ec2 describe-network-interfaces --filters Name=private-ip-address,Values={address}",
     {},
     Cloud::aws},
    {"If it is the same zone each time: take it out until it is mended.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --remove-subnet-ids <subnet>",
     {},
     Cloud::aws},
    {"In Alibaba Cloud: see the status of the endpoint's zones.",
     "aliyun privatelink ListVpcEndpointZones --EndpointId <ep>",
     {},
     Cloud::alibaba}};

// Beside an address that works, these say no more than "this one does not".
constexpr std::string_view kPerAddress[] = {"tcp-refused-no-listener", "tcp-icmp-admin-prohibited",
                                            "tcp-no-route", "tcp-local-firewall",
                                            "tcp-client-ephemeral-exhausted"};

constexpr std::array<Cause, 30> kCauses{{
    tcp::rows::kEndpointSg,
    tcp::rows::kDefaultSg,
    tcp::rows::kAzure,
    tcp::rows::kGcp,
    tcp::rows::kAlibaba,
    tcp::rows::kRejected,
    tcp::rows::kWrongPort,
    tcp::rows::kClientEgress,
    tcp::rows::kNacl,
    tcp::rows::kNaclReturn,
    tcp::rows::kTargetSg,
    tcp::rows::kNlbSg,
    tcp::rows::kStaleTarget,
    tcp::rows::kUnhealthy,
    tcp::rows::kPortAllocation,
    tcp::rows::kAccessList,
    tcp::rows::kPaused,
    tcp::rows::kMtu,
    tcp::rows::kTransparentProxy,
    tcp::rows::kDmsReserved,
    tcp::rows::kNoTargetInZone,
    tcp::rows::kIdle,
    tcp::rows::kDmsInternet,
    tcp::rows::kByDesign,
    {.id = "tcp-refused-no-listener",
     .layer = Layer::tcp,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The host answers, and nothing listens on the port",
     .shows_as = "RST to the SYN: ECONNREFUSED without an ICMP message",
     .summary = "The host is there and nothing listens: {failing}{but}",
     .remedy = kRefused,
     .look_alikes = "An ICMP 3/3 gives the same errno and is a firewall "
                    "(tcp-icmp-admin-prohibited). A load balancer "
                    "passes its target's RST on.",
     .decide_by = "On the target: ss -ltn shows whether something listens on {port}. Behind a load "
                  "balancer: aws elbv2 describe-target-health --target-group-arn <tg>: "
                  "TargetHealth.State, and Target.Id against the database's present address.",
     .source = "RFC 9293 §3.10.7; reproduced in a network namespace",
     .match = match_refused,
     .needs = sign::failed(Phase::connect)},
    {.id = "tcp-icmp-admin-prohibited",
     .layer = Layer::tcp,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "A firewall on the way rejects the connection, and says so",
     .shows_as = "ICMP 3/13, 3/9, 3/10, or ECONNREFUSED with ICMP 3/3 in the error queue",
     .summary = "A firewall rejects the connection: {failing}. The rejection came from {device}.",
     .remedy = kProhibited,
     .look_alikes =
         "A closed port answers with RST. Security groups and network ACLs drop without a word.",
     .decide_by = "",
     .source = "RFC 1812 §5.2.7.1; reproduced with nftables reject",
     .match = match_prohibited,
     .needs = sign::failed(Phase::connect)},
    {.id = "tcp-no-route",
     .layer = Layer::tcp,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "There is no route to the target",
     .shows_as = "ENETUNREACH or EHOSTUNREACH at once, or ICMP 3/0 or 3/1 from a router",
     .summary = "{no_way} {failing}{said_by}.",
     .remedy = kNoRoute,
     .look_alikes =
         "client-no-network: no interface at all. Inside AWS a missing route is mostly silent.",
     .decide_by = "aws ec2 describe-route-tables --filters "
                  "Name=association.subnet-id,Values={client_subnet}: no route leads to {address}, "
                  "or its State is blackhole.",
     .source = "RFC 792; TiDB Cloud: VPC peering; reproduced in a network namespace",
     .match = match_no_route,
     .needs = sign::failed(Phase::connect)},
    {.id = "tcp-local-firewall",
     .layer = Layer::tcp,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "This host forbids the connection",
     .shows_as = "EPERM or EACCES from connect(2), or silence while TcpExt TCPRetransFail counts "
                 "each SYN that is sent again",
     .summary = "{forbids} the connection to {failing}{counted} {behind} may be behind it.",
     .remedy = kLocalFirewall,
     .look_alikes =
         "An OUTPUT drop of netfilter is as silent as a closed security group; only there "
         "the SYNs that are sent again leave this host (TCPRetransFail of "
         "/proc/net/netstat stays as it is). An INPUT drop of the answer counts nothing. A "
         "full queue counts too.",
     .decide_by = "sudo nft list ruleset (or iptables-save) on this host, kubectl get "
                  "networkpolicy -A in a cluster: a rule drops tcp/{port}.",
     .source = "connect(2); route type prohibit; Linux snmp_counter.rst, TcpExtTCPRetransFail; "
               "reproduced in a network namespace",
     .match = match_local_firewall,
     .needs = sign::failed(Phase::connect)},
    {.id = "tcp-client-ephemeral-exhausted",
     .layer = Layer::tcp,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "No local port (or address) is left for the connection",
     .shows_as = "EADDRNOTAVAIL from connect(2)",
     .summary =
         "This host has no free local port, or not the wanted source address, for {failing}.",
     .remedy = kEphemeral,
     .look_alikes = "client-fd-limit: EMFILE, plumb's own lack of descriptors. A host without IPv6 "
                    "addresses (dns-aaaa-only-or-unusable-family).",
     .decide_by = "ss -s on this host: as many connections as ports in "
                  "net.ipv4.ip_local_port_range.",
     .source = "connect(2), ip(7) ip_local_port_range",
     .match = match_ephemeral,
     .needs = sign::failed(Phase::connect)},
    {.id = "tcp-partial-az-failure",
     .layer = Layer::tcp,
     .severity = Severity::warning,
     .owner = Owner::network,
     .title = "Some addresses of the target fail while others work",
     .shows_as = "a mixed result over the addresses of one name",
     .summary = "Some of the target's addresses fail: {failing}. The others work ({working}), so "
                "clients fail at random.",
     .remedy = kPartial,
     .look_alikes =
         "A network ACL on one subnet, no target in one zone, or a zonal load balancer fault.",
     .decide_by = "",
     .source = "AWS re:Post connect-endpoint-service-vpc; AWS NLB guide, zonal isolation",
     .match = tcp::match_partial,
     .supersedes = kPerAddress,
     .needs = sign::failed(Phase::connect)},
}};

}  // namespace

std::span<const Cause> tcp_causes() { return kCauses; }

}  // namespace plumb

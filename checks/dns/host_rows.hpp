// The rows of what the host name alone tells (host_shape.hpp), of names that lead to what is no
// longer there (wandering.hpp), and of what only the control plane shows.
#pragma once

#include "checks/dns/host_shape.hpp"
#include "checks/dns/wandering.hpp"

namespace plumb::dns::rows {

inline constexpr RemedyTemplate kWrongHostTypeRemedy[] = {
    {"Take the host from the connection dialog again: Connect, with the connection type that is "
     "meant (Private Endpoint, VPC Peering or Public).",
     ""}};
inline constexpr Cause kWrongHostType{
    .id = "dns-wrong-host-type",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::client,
    .title = "The host name is of another kind of endpoint",
    .shows_as = "the name has the shape of another connection type than the one that is meant",
    .summary = "{host} is a name of {is_for}; {wanted}.",
    .remedy = kWrongHostTypeRemedy,
    .look_alikes =
        "dns-resolves-to-public-ip: the name is the right one and leads to the wrong place.",
    .decide_by =
        "TiDB Cloud console, Connect: the host for the connection type that is meant differs from "
        "{host}.",
    .source = "TiDB Cloud: set up private endpoints; set up VPC peering",
    .match = dns::match_wrong_host_type};

inline constexpr RemedyTemplate kHostTypoRemedy[] = {
    {"Copy the host again from the connection dialog.", ""}};
inline constexpr Cause kHostTypo{
    .id = "dns-host-typo-or-decoration",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::client,
    .title = "The host name is mistyped",
    .shows_as = "a name in the provider's domain that has the shape of none of its endpoints",
    .summary =
        "{host} does not exist and has the shape of no known endpoint. The nearest is {shape}.",
    .remedy = kHostTypoRemedy,
    .look_alikes = "dns-nxdomain: the name is well formed and does not exist.",
    .decide_by = "The connection dialog shows another host than {host}.",
    .source = "TiDB Cloud and AWS endpoint names; AWS DMS guide, troubleshooting",
    .match = dns::match_host_typo,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kStaleRecordRemedy[] = {
    {"Let own records follow the endpoint: a CNAME or ALIAS to its regional name instead of "
     "addresses.",
     ""},
    {"See the endpoint's names.",
     "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce> --query "
     "'VpcEndpoints[].DnsEntries[].DnsName'",
     {},
     Cloud::aws},
    {"A cache may still hold the old answer.", "resolvectl flush-caches"}};
inline constexpr Cause kStaleRecord{
    .id = "dns-stale-record-after-endpoint-recreate",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The name still leads to the addresses of an endpoint that is gone",
    .shows_as = "private addresses that nobody answers at, and another resolver gives others",
    .summary =
        "{host} leads to {stale}, where nobody answers. Possibly these are the addresses of an "
        "endpoint that is gone: {why}.",
    .remedy = kStaleRecordRemedy,
    .look_alikes =
        "dns-hosts-file-override: the old address stands in the hosts file. All that drops a SYN "
        "in silence looks the same.",
    .decide_by =
        "aws ec2 describe-network-interfaces --filters Name=private-ip-address,Values={address}: "
        "no interface of a current endpoint has it.",
    .source = "AWS PrivateLink guide, endpoint DNS names",
    .match = dns::match_stale_record,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kZoneNameDownRemedy[] = {
    {"Use the regional name, which leads to every zone that works.", ""},
    {"Provider: restore the targets of the zone, or balance across zones.",
     "aws elbv2 modify-load-balancer-attributes --load-balancer-arn <nlb> --attributes "
     "Key=load_balancing.cross_zone.enabled,Value=true",
     {},
     Cloud::aws}};
inline constexpr std::string_view kZoneNameDownExplains[] = {
    "dns-nxdomain", "dns-rebinding-filtered", "dns-firewall-or-sinkhole-override",
    "dns-phz-shadowing"};
inline constexpr Cause kZoneNameDown{
    .id = "dns-az-name-down",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::client,
    .title = "The name of one zone is down while the regional name works",
    .shows_as =
        "a zonal endpoint name has no answer, or its address is silent; the regional name works",
    .summary =
        "{host} is the name of one zone only, and that zone is down: the endpoint's regional name "
        "works.",
    .remedy = kZoneNameDownRemedy,
    .look_alikes =
        "tcp-nacl-blocks-forward and a security group may drop the connections to one zone as "
        "well.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: SubnetIds lacks it. Provider: "
        "aws elbv2 describe-target-health --target-group-arn <tg>: no healthy target in that zone.",
    .source = "AWS NLB guide, DNS health of zones",
    .match = dns::match_zone_name_down,
    .supersedes = kZoneNameDownExplains,
    .needs = sign::failed(Phase::connect) | sign::odd_name};

inline constexpr RemedyTemplate kThrottledRemedy[] = {
    {"See whether the interface drops them (AWS ENA).",
     "ethtool -S <interface> | grep linklocal_allowance_exceeded"},
    {"Cache answers on the host (systemd-resolved, nscd, NodeLocal DNSCache) and lower ndots and "
     "the search list. The limit cannot be raised.",
     ""}};
inline constexpr Cause kThrottled{
    .id = "dns-resolver-throttled-1024pps",
    .layer = Layer::dns,
    .severity = Severity::warning,
    .owner = Owner::client,
    .title = "The VPC's resolver drops questions: too many from this interface",
    .shows_as = "one resolver answers some questions at once and leaves others unanswered",
    .summary =
        "The DNS resolver {resolvers} answers some questions and leaves others. Possibly this host "
        "asks more than 1024 times a second, and the rest is dropped.",
    .remedy = kThrottledRemedy,
    .look_alikes =
        "A lossy path to the resolver looks the same; one that never answers is down "
        "(dns-resolver-timeout).",
    .decide_by =
        "ethtool -S <interface>: linklocal_allowance_exceeded grows; another host gets every "
        "answer.",
    .source = "AWS VPC guide, DNS quotas; AWS ENA driver metrics",
    .match = dns::match_throttled,
    .needs = sign::odd_name};

inline Verdict never_seen_conflict(const Case&) {
  return Verdict::no("which endpoint an address belongs to, only the control plane shows");
}
inline constexpr RemedyTemplate kConflictRemedy[] = {
    {"Starter and Essential: use the endpoint that is there; one per region serves all.",
     "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={vpc} "
     "Name=service-name,Values=<service-name>"},
    {"Else switch private DNS off at the old one and on at the new one.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <old-vpce> --no-private-dns-enabled"}};
inline constexpr Cause kConflict{
    .id = "dns-private-dns-conflict",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "Two endpoints of one VPC claim the same private name",
    .shows_as =
        "the private name leads to another endpoint; or private DNS cannot be enabled: "
        "\"conflicting DNS domain\"",
    .summary = "{host} leads to the addresses of another endpoint of the same service.",
    .remedy = kConflictRemedy,
    .look_alikes = "cloud-endpoint-wrong-service-name: one endpoint only, of another service.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints and describe-network-interfaces: which endpoint has the "
        "addresses that {host} leads to.",
    .source = "TiDB Cloud: set up private endpoints for Starter and Essential",
    .match = never_seen_conflict,
    .needs = sign::no_packet};

}  // namespace plumb::dns::rows

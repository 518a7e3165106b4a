// The rows of connections that come about and are no good (established.hpp), and of what a probe
// cannot see at all: it opens connections of its own and does not grow old with them.
#pragma once

#include <array>

#include "checks/tcp/established.hpp"
#include "checks/tcp/partial.hpp"

namespace plumb::tcp::rows {

inline constexpr RemedyTemplate kMtuRemedy[] = {
    {"At once, on this host: smaller segments towards this address.",
     "sudo ip route add {address} via <gateway> advmss 1300"},
    {"Or let the kernel find the size by itself.", "sudo sysctl -w net.ipv4.tcp_mtu_probing=1"},
    {"For good: lower the MTU on the tunnel or interface that loses the packets, or let ICMP "
     "\"fragmentation needed\" (3/4) through.",
     "tracepath -n {address}"}};
// Each of them reads the stall that small segments end.
inline constexpr std::string_view kOtherReadingsOfAStall[] = {"mysql-proxy-protocol-mismatch",
                                                              "mysql-connect-timeout-handshake"};
inline constexpr Cause kMtu{
    .id = "tcp-mtu-blackhole",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "Large packets vanish on the way (MTU black hole)",
    .shows_as = "small packets pass, the first large one stalls; with small segments all goes well",
    .summary =
        "The conversation with {endpoint} stalls: {unacked}; with segments of at most {segment} "
        "bytes it goes through. {so}",
    .remedy = kMtuRemedy,
    .look_alikes =
        "A server that hangs stalls with small segments as well. A loss that comes and goes may "
        "spare the second try. EOF or an alert is no MTU fault.",
    .decide_by = "tracepath -n {address}: the hop where the size of the path drops without a word.",
    .source = "RFC 2923 §2.1; AWS PrivateLink guide, MTU 8500",
    .match = match_mtu,
    .supersedes = kOtherReadingsOfAStall,
    .needs = sign::talk_failed};

inline constexpr RemedyTemplate kProxyRemedy[] = {
    {"A service mesh: take the database's ports out of its redirection (Istio; its pods start "
     "anew).",
     "kubectl patch deployment <deployment> -p "
     "'{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"traffic.sidecar.istio.io/"
     "excludeOutboundPorts\":\"4000,3306\"}}}}}'"},
    {"A firewall that intercepts: let the database's port pass untouched.", ""}};
inline constexpr Cause kTransparentProxy{
    .id = "tcp-transparent-proxy",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "Something on the way accepts every connection in the target's place",
    .shows_as = "every port connects, at once, and none speaks MySQL",
    .summary =
        "{endpoint} accepts, and so do its ports {ports}, but none speaks MySQL. Possibly a "
        "transparent proxy (a service mesh, an inspecting firewall) answers in its place.",
    .remedy = kProxyRemedy,
    .look_alikes = "A host that really serves other things on all these ports.",
    .decide_by =
        "With your consent: curl -m 3 telnet://192.0.2.1:4000; an address that nobody has "
        "accepts only where something intercepts.",
    .source = "Istio, server-first protocols",
    .match = match_transparent_proxy,
    .needs = sign::failed(Phase::greeting)};

inline constexpr RemedyTemplate kDmsReservedRemedy[] = {
    {"Move the endpoint's interfaces, or the database, to a subnet outside 192.168.0.0/24.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --add-subnet-ids <new-subnet> "
     "--remove-subnet-ids <subnet>"}};
inline constexpr Cause kDmsReserved{
    .id = "tcp-dms-reserved-192-168-0",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "AWS DMS cannot reach addresses in 192.168.0.0/24",
    .shows_as = "an address in 192.168.0.0/24 and the purpose DMS; other hosts reach it",
    .summary =
        "{address} is in 192.168.0.0/24, which AWS DMS keeps for itself: its replication "
        "instances cannot reach it, even if this host can.",
    .remedy = kDmsReservedRemedy,
    .look_alikes = "None: the address decides.",
    .decide_by = "",
    .source = "AWS DMS guide, troubleshooting",
    .match = match_dms_reserved,
    .needs = sign::purpose};

inline constexpr RemedyTemplate kNoTargetRemedy[] = {
    {"Provider: spread connections over the zones, or register a target in each.",
     "aws elbv2 modify-load-balancer-attributes --load-balancer-arn <nlb> --attributes "
     "Key=load_balancing.cross_zone.enabled,Value=true"}};
inline constexpr Cause kNoTargetInZone{
    .id = "tcp-nlb-no-target-in-az",
    .layer = Layer::tcp,
    .severity = Severity::warning,
    .owner = Owner::service_provider,
    .title = "The load balancer has no target in one zone",
    .shows_as = "the address of one zone is silent or resets, another zone's works",
    .summary =
        "Connections to {working} come about, to {silent} they do not. Possibly the load balancer "
        "has no target "
        "in that zone and does not balance across zones.",
    .remedy = kNoTargetRemedy,
    .look_alikes =
        "A network ACL on that zone's subnet gives the same picture "
        "(tcp-nacl-blocks-forward).",
    .decide_by =
        "aws elbv2 describe-target-health --target-group-arn <tg>: no healthy target in that zone; "
        "aws elbv2 describe-load-balancer-attributes --load-balancer-arn <nlb>: "
        "load_balancing.cross_zone.enabled is "
        "\"false\".",
    .source =
        "AWS NLB guide, cross-zone load balancing; HeatWave egress PrivateLink, "
        "troubleshooting",
    .match = match_no_target_in_zone,
    .needs = sign::failed(Phase::connect)};

inline Verdict never_seen_idle(const Case&) {
  return Verdict::no("a probe's connections are not old enough; only an idle session shows it");
}
inline constexpr RemedyTemplate kIdleRemedy[] = {
    {"Keep idle connections alive well below the limit (AWS 350 s, Azure 240 s); it counts for "
     "clients that set SO_KEEPALIVE, as MySQL's own do.",
     "sudo sysctl -w net.ipv4.tcp_keepalive_time=120 net.ipv4.tcp_keepalive_intvl=30 "
     "net.ipv4.tcp_keepalive_probes=4"},
    {"Let the pool retire connections early: TiDB Cloud Starter recommends at most 300 s.", ""}};
inline constexpr Cause kIdle{
    .id = "tcp-idle-timeout-reset",
    .layer = Layer::tcp,
    .severity = Severity::warning,
    .owner = Owner::client,
    .title = "A load balancer forgets connections that are idle for too long",
    .shows_as = "new connections work; one that was idle is reset or hangs (error 2013, 2006)",
    .summary = "Connections to {host} that stay idle are cut on the way.",
    .remedy = kIdleRemedy,
    .look_alikes = "Error 4031 instead of a reset: the server's own wait_timeout.",
    .decide_by =
        "A session left idle for 60, 240, 360 and 1900 s: 240 is Azure, 350 AWS, 1800 TiDB "
        "Cloud Starter. Provider: aws elbv2 describe-listener-attributes --listener-arn "
        "<listener-arn>: tcp.idle_timeout.seconds.",
    .source =
        "AWS NLB guide, idle timeout; TiDB Cloud Starter limitations; Azure load balancer, "
        "TCP reset",
    .match = never_seen_idle,
    .needs = sign::no_packet};

inline Verdict never_seen_unhealthy(const Case&) {
  return Verdict::no("only the control plane shows the health of targets");
}
inline constexpr RemedyTemplate kByDesignRemedy[] = {
    {"Nothing to mend while all targets are unhealthy: the load balancer forwards all the same, "
     "and "
     "its checks do not count as connection errors. See that none turns healthy.",
     "aws elbv2 describe-target-health --target-group-arn <tg>"}};
inline constexpr Cause kByDesign{
    .id = "tcp-unhealthy-by-design",
    .layer = Layer::tcp,
    .severity = Severity::info,
    .owner = Owner::service_provider,
    .title = "Targets are unhealthy on purpose, and it works",
    .shows_as = "describe-target-health says unhealthy, yet connections work",
    .summary = "All targets of the load balancer are unhealthy, as the recipe for {host} wants it.",
    .remedy = kByDesignRemedy,
    .look_alikes = "tcp-nlb-target-unhealthy: connections fail as well.",
    .decide_by =
        "aws elbv2 describe-target-groups: HealthCheckPort differs from Port and every "
        "target is unhealthy.",
    .source = "HeatWave egress PrivateLink; AWS NLB guide, fail-open",
    .match = never_seen_unhealthy,
    .needs = sign::no_packet};

}  // namespace plumb::tcp::rows

// The rows of what may silence a SYN behind the endpoint, on the provider's side; why they are
// candidates only, silent.hpp tells.
#pragma once

#include "checks/tcp/silent_rows.hpp"

namespace plumb::tcp::rows {

inline constexpr RemedyTemplate kTargetSgRemedy[] = {
    {"Let the load balancer in at the database.", ""},
    {"In AWS (an NLB without a group: --cidr <nlb-subnet-cidr> for each zone).",
     "aws ec2 authorize-security-group-ingress --group-id <db-sg> --protocol tcp --port <db-port> "
     "--source-group "
     "<nlb-sg>",
     {},
     Cloud::aws}};
inline constexpr Cause kTargetSg{
    .id = "tcp-target-sg-missing-nlb",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The database's security group does not admit the load balancer",
    .shows_as = "silence through the endpoint, while the database answers inside its own VPC",
    .summary =
        "Nothing answers at {silent}. Possibly the database does not admit its load balancer: "
        "through "
        "PrivateLink it always sees the load balancer's address, never the client's.",
    .remedy = kTargetSgRemedy,
    .look_alikes = "From an admitted host in the database's VPC the database answers.",
    .decide_by =
        "aws ec2 describe-security-groups --group-ids <db-sg>: IpPermissions[] lacks the "
        "database's port from "
        "the NLB's group or subnets.",
    .source = "HeatWave egress PrivateLink; AWS NLB guide, client IP preservation",
    .match = match_target_sg,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kStaleTargetRemedy[] = {
    {"Register the database's present address with the load balancer, then take the old one out; "
     "let the failover event do it next time.",
     "",
     {},
     Cloud::unknown,
     "guess other nobody unknown"},
    {"Writes through the load balancer go to a reader (mysql-read-only-target). Register the "
     "writer's present address in its place; let the failover event do it next time.",
     "",
     {},
     Cloud::unknown,
     "reader"},
    {"Nothing is lost yet. Register the address that the name gives before the old one goes.",
     "",
     {},
     Cloud::unknown,
     "same"},
    {"In AWS:",
     "aws elbv2 register-targets --target-group-arn <tg> --targets Id={database_ip},Port=<db-port>",
     {},
     Cloud::aws,
     "guess reader other nobody unknown same"},
    {"In AWS, the old one:",
     "aws elbv2 deregister-targets --target-group-arn <tg> --targets "
     "Id={registered_ip},Port=<db-port>",
     {},
     Cloud::aws,
     "reader other nobody unknown"},
    {"In Alibaba Cloud:",
     "aliyun nlb AddServersToServerGroup --ServerGroupId <sgp> --Servers '[{\"ServerType\":\"Ip\","
     "\"ServerId\":\"{database_ip}\",\"ServerIp\":\"{database_ip}\",\"Port\":<db-port>}]'",
     {},
     Cloud::alibaba,
     "guess reader other nobody unknown same"},
    {"In Alibaba Cloud, the old one:",
     "aliyun nlb RemoveServersFromServerGroup --ServerGroupId <sgp> --Servers.1.ServerType Ip "
     "--Servers.1.ServerId {registered_ip} --Servers.1.ServerIp {registered_ip} --Servers.1.Port "
     "<db-port>",
     {},
     Cloud::alibaba,
     "reader other nobody unknown"},
    {"Change nothing at the load balancer yet: the name leads to a reader itself. Compare with the "
     "name that follows the writer (Aurora: the cluster's, without -ro).",
     "plumb check <writer-name>:{port} --pinned-target {registered_ip} --ca <roots.pem> --user "
     "<user> "
     "--password-file <file>",
     {},
     Cloud::unknown,
     "turned"},
    {"To learn who answers there, give an account and the roots that prove the certificate.",
     "plumb check --pinned-target {registered_ip} --ca <roots.pem> --user <user> --password-file "
     "<file> "
     "{target}",
     {},
     Cloud::unknown,
     "unknown"}};
inline constexpr Cause kStaleTarget{
    .id = "tcp-target-ip-stale",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The load balancer still points at an address the database has left",
    .shows_as = "silence or resets that began with a failover, a resize or maintenance",
    .summary = "{what}. {who}.",
    .remedy = kStaleTargetRemedy,
    .look_alikes =
        "When connections work but writes fail with 1290 or 1836, the target is a reader "
        "(mysql-read-only-target): --pinned-target with the registered address, and an account, "
        "tells who answers there. Equal server uuids are the same server, unless a data directory "
        "was copied.",
    .decide_by =
        "aws elbv2 describe-target-health --target-group-arn <tg>: Target.Id differs from the "
        "address of the "
        "writer endpoint (Alibaba: aliyun nlb ListServerGroupServers --ServerGroupId <sgp>).",
    .source = "HeatWave egress PrivateLink, caveat; TiDB Cloud, private link connection to RDS",
    .match = match_stale_target,
    .needs = sign::failed(Phase::connect) | sign::pinned};

inline constexpr RemedyTemplate kNlbSgRemedy[] = {
    {"Provider: do not apply the load balancer's inbound rules to PrivateLink traffic, or add a "
     "rule for the consumer's network. Name every group that it has: the call replaces the list.",
     "aws elbv2 set-security-groups --load-balancer-arn <nlb> --security-groups <nlb-sg> "
     "--enforce-security-group-inbound-rules-on-private-link-traffic off"}};
inline constexpr Cause kNlbSg{
    .id = "tcp-nlb-sg-enforced-on-privatelink",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The load balancer's security group is enforced on PrivateLink traffic",
    .shows_as = "silence through the endpoint, while the load balancer answers in its own VPC",
    .summary =
        "Nothing answers at {silent}. Possibly the provider's load balancer has a security "
        "group that is enforced on PrivateLink traffic and does not admit this client.",
    .remedy = kNlbSgRemedy,
    .look_alikes =
        "Only load balancers that have a security group; enforcing it is their default. "
        "tcp-target-sg-missing-nlb is the next hop.",
    .decide_by =
        "aws elbv2 describe-load-balancers --load-balancer-arns <nlb>: "
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic is \"on\", and its group does not "
        "admit tcp/{port} from this client.",
    .source = "HeatWave egress PrivateLink; AWS NLB guide, security groups",
    .match = match_nlb_sg_enforced,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kUnhealthyRemedy[] = {
    {"Let the database admit the health checks (the load balancer's group or subnets), or check "
     "the port that it serves.",
     ""},
    {"In AWS.",
     "aws elbv2 modify-target-group --target-group-arn <tg> --health-check-port traffic-port",
     {},
     Cloud::aws}};
inline constexpr Cause kUnhealthy{
    .id = "tcp-nlb-target-unhealthy",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The load balancer's targets are unhealthy, or some of them are",
    .shows_as = "silence or RST on new connections; now and then where only some targets are bad",
    .summary =
        "No connection comes about at {silent}. Possibly the load balancer's targets are "
        "unhealthy.",
    .remedy = kUnhealthyRemedy,
    .look_alikes =
        "Where all targets are unhealthy the load balancer forwards all the same "
        "(tcp-unhealthy-by-design).",
    .decide_by =
        "aws elbv2 describe-target-health --target-group-arn <tg>: TargetHealth.State and "
        ".Reason.",
    .source = "AWS NLB guide, target group health checks",
    .match = match_target_unhealthy,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kPortAllocationRemedy[] = {
    {"Provider: add targets or load balancer addresses. Clients: pool connections.",
     "aws cloudwatch get-metric-statistics --namespace AWS/NetworkELB --metric-name "
     "PortAllocationErrorCount --dimensions Name=LoadBalancer,Value=<net/name/id> --start-time "
     "<start> --end-time <end> --period 60 --statistics Sum"}};
inline constexpr Cause kPortAllocation{
    .id = "tcp-port-allocation-exhausted",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The load balancer has no port left towards its targets",
    .shows_as = "connects that fail now and then under load, through PrivateLink only",
    .summary =
        "No connection comes about at {silent}. Possibly the load balancer runs out of "
        "ports towards its targets under load.",
    .remedy = kPortAllocationRemedy,
    .look_alikes =
        "One bad target of several fails now and then as well, whatever the load "
        "(tcp-nlb-target-unhealthy).",
    .decide_by = "CloudWatch AWS/NetworkELB PortAllocationErrorCount is above 0.",
    .source = "AWS NLB guide, target groups and CloudWatch metrics",
    .match = match_port_allocation,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kAccessListRemedy[] = {
    {"TiDB Cloud console: Networking, IP Access List: add this client's public address with /32. "
     "Behind a NAT gateway it is the gateway's.",
     "aws ec2 describe-nat-gateways --filter Name=vpc-id,Values={vpc} --query "
     "'NatGateways[].NatGatewayAddresses[].PublicIp'"}};
inline constexpr Cause kAccessList{
    .id = "tcp-ip-access-list-missing",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The cluster's IP access list does not hold this client's public address",
    .shows_as = "a public Dedicated host that does not let this client in: silence or RST",
    .summary =
        "No connection comes about at {silent}. Possibly this client's public address is "
        "missing in the cluster's IP access list.",
    .remedy = kAccessListRemedy,
    .look_alikes =
        "From a listed address it works. tcp-cluster-paused-or-unavailable shuts "
        "everybody out.",
    .decide_by =
        "TiDB Cloud console, Networking, IP Access List: no entry covers the address that "
        "this client leaves from.",
    .source = "TiDB Cloud: configure IP access list; DMS to TiDB Cloud",
    .match = match_access_list,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kPausedRemedy[] = {
    {"TiDB Cloud console: see the cluster's state; Resume it if it is paused.", ""}};
inline constexpr Cause kPaused{
    .id = "tcp-cluster-paused-or-unavailable",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::dba,
    .title = "The cluster is paused or not available",
    .shows_as = "a Dedicated cluster that suddenly cannot be reached from anywhere",
    .summary =
        "No connection comes about at {silent}. Possibly the cluster is paused or not "
        "available.",
    .remedy = kPausedRemedy,
    .look_alikes =
        "Everything that shuts out one client only: the same check from elsewhere "
        "works.",
    .decide_by = "TiDB Cloud console or API: state is PAUSED, PAUSING, RESUMING or UNAVAILABLE.",
    .source = "TiDB Cloud: pause or resume a cluster; monitor a cluster",
    .match = match_paused,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kDmsInternetRemedy[] = {
    {"Give the replication instance's subnet a way out through a NAT gateway (or use a public "
     "subnet and \"Publicly accessible\").",
     "aws ec2 create-route --route-table-id <rtb> --destination-cidr-block 0.0.0.0/0 "
     "--nat-gateway-id <nat>"},
    {"Then test from DMS.",
     "aws dms test-connection --replication-instance-arn <ri> --endpoint-arn <ep>"}};
inline constexpr Cause kDmsInternet{
    .id = "tcp-dms-no-internet",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "The DMS replication instance has no way to the internet",
    .shows_as =
        "DMS test: NativeError 2003, Can't connect to MySQL server (110), while this host "
        "connects",
    .summary =
        "Nothing answers at {silent}. Possibly this subnet, and so the DMS replication instance in "
        "it, has no way to the internet.",
    .remedy = kDmsInternetRemedy,
    .look_alikes =
        "(111) is a refusal, (113) no host, \"Unknown MySQL server host\" a name that "
        "does not resolve.",
    .decide_by =
        "aws dms describe-replication-instances: PubliclyAccessible; the route table of its "
        "subnets; aws dms describe-connections: LastFailureMessage.",
    .source = "TiDB Cloud: migrate with AWS DMS",
    .match = match_dms_internet,
    .needs = sign::failed(Phase::connect)};

}  // namespace plumb::tcp::rows

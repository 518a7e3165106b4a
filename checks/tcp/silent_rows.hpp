// The rows of the eight candidates of a silent SYN; why there are eight, silent.hpp tells.
#pragma once

#include "checks/tcp/silent.hpp"

namespace plumb::tcp::rows {

inline constexpr std::string_view kNoAnswer =
    "no SYN-ACK, no RST, no ICMP from any address until the deadline";
inline constexpr std::string_view kAllAlike =
    "All eight candidates of a silent SYN look the same on the wire; only the named field tells "
    "them apart.";

inline constexpr RemedyTemplate kEndpointSgRemedy[] = {
    {"Let the client in at the endpoint's security group (or --cidr <client-cidr>).",
     "aws ec2 authorize-security-group-ingress --group-id <endpoint-sg> --protocol tcp --port "
     "{port} --source-group "
     "<client-sg>"}};
inline constexpr Cause kEndpointSg{
    .id = "tcp-endpoint-sg-blocks-port",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint's security group does not admit the port",
    .shows_as = kNoAnswer,
    .summary =
        "Nothing answers at {silent}. The usual reason: the endpoint's security group does not let "
        "this client "
        "in on port {port}.",
    .remedy = kEndpointSgRemedy,
    .look_alikes = kAllAlike,
    .decide_by =
        "aws ec2 describe-vpc-endpoints: Groups[].GroupId, then aws ec2 describe-security-groups "
        "--group-ids "
        "<endpoint-sg>: no IpPermissions[] covers tcp/{port} from this client.",
    .source =
        "TiDB Cloud: set up private endpoints, troubleshooting; AWS re:Post "
        "security-network-acl-vpc-endpoint",
    .match = match_endpoint_sg};

inline constexpr RemedyTemplate kDefaultSgRemedy[] = {
    {"Make a security group for the endpoint.",
     "aws ec2 create-security-group --group-name tidb-endpoint --description private-endpoint "
     "--vpc-id <vpc>"},
    {"Let the client in there.",
     "aws ec2 authorize-security-group-ingress --group-id <new-sg> --protocol tcp --port {port} "
     "--source-group "
     "<client-sg>"},
    {"Put it in the place of the default one.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --add-security-group-ids <new-sg> "
     "--remove-security-group-ids <default-sg>"}};
inline constexpr Cause kDefaultSg{
    .id = "tcp-endpoint-default-sg",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint carries only the VPC's default security group",
    .shows_as = kNoAnswer,
    .summary =
        "Nothing answers at {silent}. Possibly the endpoint was made without --security-group-ids: "
        "the default "
        "group admits only its own members.",
    .remedy = kDefaultSgRemedy,
    .look_alikes = "A client inside the same default group connects, all others do not.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: Groups[].GroupName is "
        "\"default\".",
    .source =
        "TiDB Cloud: create-vpc-endpoint without security groups; AWS VPC guide, default security "
        "group",
    .match = match_default_sg};

inline constexpr RemedyTemplate kPendingRemedy[] = {
    {"Provider: accept the connection (TiDB Cloud: enter the vpce id in the console).",
     "aws ec2 accept-vpc-endpoint-connections --service-id <vpce-svc> --vpc-endpoint-ids <vpce>"}};
inline constexpr Cause kPending{.id = "cloud-endpoint-pending-acceptance",
                                .layer = Layer::cloud,
                                .severity = Severity::error,
                                .owner = Owner::service_provider,
                                .title = "The endpoint waits for the provider's acceptance",
                                .shows_as = "private addresses in DNS, and no answer to a SYN",
                                .summary =
                                    "Nothing answers at {silent}. Possibly the provider has not "
                                    "accepted the endpoint yet: until then it has "
                                    "addresses and stays silent.",
                                .remedy = kPendingRemedy,
                                .look_alikes = kAllAlike,
                                .decide_by =
                                    "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: "
                                    "State is \"pendingAcceptance\" (HeatWave "
                                    "shows Active before that).",
                                .source =
                                    "HeatWave egress PrivateLink; AWS re:Post "
                                    "connect-endpoint-service-vpc; EC2 API VpcEndpoint",
                                .match = match_pending_acceptance};

inline constexpr RemedyTemplate kWrongPortRemedy[] = {
    {"Take the port from the connection dialog: TiDB Cloud 4000 unless customised, MySQL, RDS and "
     "HeatWave 3306.",
     "plumb check {host}:{other_port}"},
    {"Provider: add the missing listener.",
     "aws elbv2 create-listener --load-balancer-arn <nlb> --protocol TCP --port {port} "
     "--default-actions "
     "Type=forward,TargetGroupArn=<tg>"}};
inline constexpr Cause kWrongPort{
    .id = "tcp-wrong-port-silent-drop",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::client,
    .title = "The load balancer has no listener on this port and drops the SYN",
    .shows_as = "this port stays silent while the database's own port answers",
    .summary =
        "Nothing answers at {silent}. Possibly the port is wrong: a network load balancer drops "
        "what it does not "
        "listen for, it does not refuse it.",
    .remedy = kWrongPortRemedy,
    .look_alikes =
        "A security group that admits one port only. With both ports admitted, the other one "
        "answers.",
    .decide_by =
        "plumb check {host}:{other_port} gets an answer; or aws elbv2 describe-listeners: "
        "Listeners[].Port "
        "lacks {port}.",
    .source = "AWS NLB guide, listeners: traffic to an unconfigured port is dropped",
    .match = match_wrong_port};

inline constexpr RemedyTemplate kClientEgressRemedy[] = {
    {"Let the client out to the endpoint.",
     "aws ec2 authorize-security-group-egress --group-id <client-sg> --ip-permissions "
     "'IpProtocol=tcp,FromPort={port},ToPort={port},UserIdGroupPairs=[{GroupId=<endpoint-sg>}]'"}};
inline constexpr Cause kClientEgress{
    .id = "tcp-client-sg-egress-blocked",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "The client's own security group does not let it out",
    .shows_as = "this port is silent towards every address, other ports (443) answer",
    .summary =
        "Nothing answers at {silent}. Possibly this client's own security group has no egress rule "
        "for port "
        "{port}.",
    .remedy = kClientEgressRemedy,
    .look_alikes = "An instance in another security group connects from the same subnet.",
    .decide_by =
        "aws ec2 describe-security-groups --group-ids <client-sg>: IpPermissionsEgress[] lacks "
        "tcp/{port} "
        "towards the endpoint.",
    .source = "AWS VPC guide, security groups; AWS DMS guide",
    .match = match_client_egress};

inline constexpr RemedyTemplate kNaclRemedy[] = {
    {"Endpoint's subnet: admit the port. Client's subnet: the same entry with --egress.",
     "aws ec2 create-network-acl-entry --network-acl-id <acl> --rule-number 90 --protocol tcp "
     "--port-range "
     "From={port},To={port} --cidr-block <client-cidr> --rule-action allow --ingress"}};
inline constexpr Cause kNacl{
    .id = "tcp-nacl-blocks-forward",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "A network ACL drops the SYN between two subnets",
    .shows_as = "silence from or to certain subnets only",
    .summary =
        "Nothing answers at {silent}. Possibly a network ACL of the client's or the endpoint's "
        "subnet drops port "
        "{port}.",
    .remedy = kNaclRemedy,
    .look_alikes =
        "A security group follows the interface, a network ACL the subnet; within one subnet none "
        "filters.",
    .decide_by =
        "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=<client-subnet>,"
        "<endpoint-subnet>: the first Entries[] by RuleNumber that covers tcp/{port} denies it.",
    .source = "AWS VPC guide, network ACLs; AWS re:Post security-network-acl-vpc-endpoint",
    .match = match_nacl};

inline constexpr RemedyTemplate kTargetSgRemedy[] = {
    {"Let the load balancer in at the database (an NLB without a group: --cidr <nlb-subnet-cidr> "
     "for each zone).",
     "aws ec2 authorize-security-group-ingress --group-id <db-sg> --protocol tcp --port <db-port> "
     "--source-group "
     "<nlb-sg>"}};
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
    .match = match_target_sg};

inline constexpr RemedyTemplate kStaleTargetRemedy[] = {
    {"Register the database's present address, then deregister the old one; let the failover event "
     "do it next time.",
     "aws elbv2 register-targets --target-group-arn <tg> --targets Id=<new-ip>,Port=<db-port>"}};
inline constexpr Cause kStaleTarget{
    .id = "tcp-target-ip-stale",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The load balancer still points at an address the database has left",
    .shows_as = "silence or resets that began with a failover, a resize or maintenance",
    .summary =
        "Nothing answers at {silent}. Possibly the database moved (failover, resize) and the load "
        "balancer still "
        "sends to its old address.",
    .remedy = kStaleTargetRemedy,
    .look_alikes =
        "When connections work but writes fail with 1290 or 1836, the target is a reader.",
    .decide_by =
        "aws elbv2 describe-target-health --target-group-arn <tg>: Target.Id differs from the "
        "address of the "
        "writer endpoint (Alibaba: aliyun nlb ListServerGroupServers).",
    .source = "HeatWave egress PrivateLink, caveat; TiDB Cloud, private link connection to RDS",
    .match = match_stale_target};

}  // namespace plumb::tcp::rows

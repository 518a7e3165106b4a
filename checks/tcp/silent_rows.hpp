// The rows of what may silence a SYN between this client and its endpoint; why they are candidates
// only, silent.hpp tells.
#pragma once

#include "checks/tcp/silent.hpp"

namespace plumb::tcp::rows {

inline constexpr std::string_view kNoAnswer =
    "no SYN-ACK, no RST, no ICMP from any address until the deadline";
inline constexpr std::string_view kAllAlike =
    "All candidates of a silent SYN look the same on the wire; only the named field tells them "
    "apart.";

inline constexpr RemedyTemplate kEndpointSgRemedy[] = {
    {"Let the client in at the endpoint's security group (or --cidr {client_cidr}).",
     "aws ec2 authorize-security-group-ingress --group-id <endpoint-sg> --protocol tcp --port "
     "{port} --source-group "
     "{client_sg}"}};
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
    .match = match_endpoint_sg,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kDefaultSgRemedy[] = {
    {"Make a security group for the endpoint.",
     "aws ec2 create-security-group --group-name tidb-endpoint --description private-endpoint "
     "--vpc-id {vpc}"},
    {"Let the client in there.",
     "aws ec2 authorize-security-group-ingress --group-id <new-sg> --protocol tcp --port {port} "
     "--source-group "
     "{client_sg}"},
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
    .match = match_default_sg,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kWrongPortRemedy[] = {
    {"Take the port from the connection dialog: TiDB Cloud 4000 unless customised, MySQL, RDS and "
     "HeatWave 3306.",
     "plumb check {host}:{other_port}"},
    {"Provider: add the missing listener.",
     "aws elbv2 create-listener --load-balancer-arn <nlb> --protocol TCP --port {port} "
     "--default-actions "
     "Type=forward,TargetGroupArn=<tg>",
     {},
     Cloud::aws}};
inline constexpr Cause kWrongPort{
    .id = "tcp-wrong-port-silent-drop",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::client,
    .title = "The load balancer has no listener on this port and drops the SYN",
    .shows_as = "this port stays silent while the database's own port answers",
    .summary =
        "Nothing answers at {silent}. {how_sure} the port is wrong: a network load balancer drops "
        "what it does not "
        "listen for, it does not refuse it.",
    .remedy = kWrongPortRemedy,
    .look_alikes =
        "A security group that admits one port only. With both ports admitted, the other one "
        "answers.",
    .decide_by =
        "plumb check {host}:{other_port} gets an answer. Provider: aws elbv2 describe-listeners "
        "--load-balancer-arn <nlb>: Listeners[].Port "
        "lacks {port}.",
    .source = "AWS NLB guide, listeners: traffic to an unconfigured port is dropped",
    .match = match_wrong_port,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kClientEgressRemedy[] = {
    {"Let the client out to the endpoint.",
     "aws ec2 authorize-security-group-egress --group-id {client_sg} --ip-permissions "
     "'IpProtocol=tcp,FromPort={port},ToPort={port},UserIdGroupPairs=[{GroupId=<endpoint-sg>}]'",
     {},
     Cloud::aws},
    {"Let the client out to the endpoint.",
     "aliyun ecs AuthorizeSecurityGroupEgress --SecurityGroupId <client-sg> --IpProtocol tcp "
     "--PortRange {port}/{port} --DestCidrIp <endpoint-cidr>",
     {},
     Cloud::alibaba}};
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
        "aws ec2 describe-security-groups --group-ids {client_sg}: IpPermissionsEgress[] lacks "
        "tcp/{port} "
        "towards the endpoint.",
    .source = "AWS VPC guide, security groups; AWS DMS guide",
    .match = match_client_egress,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kNaclRemedy[] = {
    {"Endpoint's subnet: admit the port. Client's subnet: the same entry with --egress.",
     "aws ec2 create-network-acl-entry --network-acl-id <acl> --rule-number 90 --protocol tcp "
     "--port-range "
     "From={port},To={port} --cidr-block {client_cidr} --rule-action allow --ingress"}};
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
        "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values={client_subnet},"
        "<endpoint-subnet>: the first Entries[] by RuleNumber that covers tcp/{port} denies it.",
    .source = "AWS VPC guide, network ACLs; AWS re:Post security-network-acl-vpc-endpoint",
    .match = match_nacl,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kNaclReturnRemedy[] = {
    {"Client's subnet: let the answers in at the ports that clients leave from. Endpoint's subnet: "
     "the same entry with --egress towards the client.",
     "aws ec2 create-network-acl-entry --network-acl-id <acl> --rule-number 91 --protocol tcp "
     "--port-range From=1024,To=65535 --cidr-block <endpoint-cidr> --rule-action allow --ingress"}};
inline constexpr Cause kNaclReturn{
    .id = "tcp-nacl-blocks-ephemeral-return",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "A network ACL drops the answers on their way back",
    .shows_as = "silence, unless the connection leaves from a port that the ACL lets back in",
    .summary =
        "Nothing answers at {silent}. {how_sure} a network ACL drops the answers: it keeps "
        "no state, so the ports that clients leave from must be let back in.",
    .remedy = kNaclReturnRemedy,
    .look_alikes =
        "A dropped SYN is just as silent (tcp-nacl-blocks-forward); only then the "
        "source port makes no difference.",
    .decide_by =
        "aws ec2 describe-network-acls --filters "
        "Name=association.subnet-id,Values={client_subnet},<endpoint-subnet>: Entries[] "
        "lack tcp 1024-65535 inbound at the client or outbound at the endpoint.",
    .source = "AWS VPC guide, network ACLs: stateless, ephemeral ports",
    .match = match_nacl_return,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kRejectedRemedy[] = {
    {"Provider: accept the connection again.",
     "aws ec2 accept-vpc-endpoint-connections --service-id <vpce-svc> --vpc-endpoint-ids <vpce>"},
    {"Deleted or expired: make the endpoint anew and register its new id (TiDB Cloud: Networking, "
     "Create Private Endpoint Connection).",
     "aws ec2 create-vpc-endpoint --vpc-id {vpc} --region {region} --service-name <service-name> "
     "--vpc-endpoint-type Interface --subnet-ids <subnet> --security-group-ids <endpoint-sg>"}};
inline constexpr Cause kRejected{
    .id = "tcp-endpoint-rejected-or-deleted",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint was rejected, has expired or is gone",
    .shows_as = "silence while its interfaces are there, \"host unreachable\" once they are gone",
    .summary =
        "Nothing is reached at {silent}. Possibly the endpoint was rejected by the provider, "
        "has expired or was deleted.",
    .remedy = kRejectedRemedy,
    .look_alikes = kAllAlike,
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: State is rejected, "
        "deleting, deleted, failed or expired; LastError.Message says why.",
    .source = "EC2 API, VpcEndpoint; AWS PrivateLink guide",
    .match = match_rejected,
    .needs = sign::failed(Phase::connect)};

}  // namespace plumb::tcp::rows

// The rows of what no packet shows: the endpoint could not be made, or works and leads elsewhere.
// They are here so that `plumb causes` knows them, and for whoever brings what the control plane
// says.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::cloud::rows {

inline Verdict not_made(const Case&) {
  return Verdict::no("only making the endpoint shows it; no packet does");
}
inline Verdict only_the_control_plane(const Case&) {
  return Verdict::no("only the control plane shows it; no packet does");
}
inline Verdict only_dms(const Case&) {
  return Verdict::no("only AWS DMS itself shows it; no packet of this host does");
}

inline constexpr RemedyTemplate kPrincipalRemedy[] = {
    {"Provider: allow the account (HeatWave: 612981981079; TiDB Cloud: the account that its dialog "
     "shows).",
     "aws ec2 modify-vpc-endpoint-service-permissions --service-id <vpce-svc> "
     "--add-allowed-principals arn:aws:iam::<account>:root"},
    {"Alibaba Cloud.",
     "aliyun privatelink AddUserToVpcEndpointService --ServiceId <epsrv> --UserId <account>"}};
inline constexpr Cause kPrincipal{
    .id = "cloud-principal-not-allowed",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The provider does not allow this account to use its endpoint service",
    .shows_as =
        "the endpoint cannot be made: \"service does not exist\", HeatWave: \"Could not Create "
        "PrivateLink\"",
    .summary = "The endpoint service behind {host} does not allow this account.",
    .remedy = kPrincipalRemedy,
    .look_alikes = "cloud-az-id-mismatch gives the same message at HeatWave.",
    .decide_by =
        "aws ec2 describe-vpc-endpoint-service-permissions --service-id <vpce-svc>: "
        "AllowedPrincipals[].Principal; aliyun privatelink ListVpcEndpointServiceUsers --ServiceId "
        "<epsrv>: Users[].UserId.",
    .source =
        "HeatWave: troubleshooting egress PrivateLink; TiDB Cloud, private link connection to "
        "Alibaba Cloud RDS",
    .match = not_made,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kZoneIdRemedy[] = {
    {"Compare zone ids (use1-az4), not names: names differ between accounts. Choose a subnet in a "
     "common zone.",
     "aws ec2 describe-subnets --filters Name=vpc-id,Values={vpc} --query "
     "'Subnets[].[SubnetId,AvailabilityZoneId]'"},
    {"Provider: add zones to the load balancer. Name every subnet: the call replaces the list.",
     "aws elbv2 set-subnets --load-balancer-arn <nlb> --subnets <subnet-a> <subnet-b> <subnet-c>"}};
inline constexpr Cause kZoneId{
    .id = "cloud-az-id-mismatch",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint's subnets share no zone with the service",
    .shows_as = "the endpoint cannot be made: the service does not support the zone of the subnet",
    .summary =
        "The subnets chosen for the endpoint of {host} are in zones that its service is not in.",
    .remedy = kZoneIdRemedy,
    .look_alikes = "cloud-principal-not-allowed gives the same message at HeatWave.",
    .decide_by =
        "aws ec2 describe-vpc-endpoint-services --service-names <service-name>: AvailabilityZones; "
        "aws ec2 describe-availability-zones: ZoneId.",
    .source = "TiDB Cloud: set up private endpoints; HeatWave: troubleshooting egress PrivateLink",
    .match = not_made,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kWrongTypeRemedy[] = {
    {"Make it anew as an Interface endpoint.",
     "aws ec2 create-vpc-endpoint --vpc-id {vpc} --region {region} --service-name <service-name> "
     "--vpc-endpoint-type Interface --subnet-ids <subnet> --security-group-ids <endpoint-sg>"}};
inline constexpr Cause kWrongType{
    .id = "cloud-endpoint-wrong-type",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint is not of type Interface",
    .shows_as = "the endpoint is there and has no network interface and no address",
    .summary = "The endpoint made for {host} has no address: it is not of type Interface.",
    .remedy = kWrongTypeRemedy,
    .look_alikes = "dns-private-dns-not-enabled: the endpoint has addresses and no name.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: VpcEndpointType is not "
        "Interface.",
    .source = "TiDB Cloud: set up private endpoints, step 2",
    .match = only_the_control_plane,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kQuotaRemedy[] = {
    {"See the quota and raise it.",
     "aws service-quotas get-service-quota --service-code vpc --quota-code L-29B6F2EB"},
    {"Or choose a subnet with free addresses.",
     "aws ec2 describe-subnets --filters Name=vpc-id,Values={vpc} --query "
     "'Subnets[].[SubnetId,AvailableIpAddressCount]'"}};
inline constexpr Cause kQuota{
    .id = "cloud-endpoint-policy-or-quota",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint cannot be made: a quota, or no free address in the subnet",
    .shows_as = "VpcEndpointLimitExceeded, or an error about free addresses",
    .summary =
        "The endpoint for {host} could not be made: a quota is used up or the subnet has no free "
        "address.",
    .remedy = kQuotaRemedy,
    .look_alikes =
        "cloud-az-id-mismatch and cloud-principal-not-allowed fail at the same step with other "
        "words.",
    .decide_by =
        "The error with which the endpoint is refused; aws ec2 describe-subnets: "
        "AvailableIpAddressCount.",
    .source = "AWS VPC guide, quotas",
    .match = not_made,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kServiceZoneRemedy[] = {
    {"Attach the load balancer in the missing zone.",
     "aliyun privatelink AttachResourceToVpcEndpointService --ServiceId <epsrv> --ResourceId <nlb> "
     "--ResourceType nlb --ZoneId <zone>"}};
inline constexpr Cause kServiceZone{
    .id = "cloud-alibaba-service-zone-not-selected",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "Alibaba Cloud: the endpoint service lacks a zone of its load balancer",
    .shows_as = "the TiDB Cloud connection cannot be made, or is partial",
    .summary = "The endpoint service behind {host} does not offer all zones of its load balancer.",
    .remedy = kServiceZoneRemedy,
    .look_alikes = "cloud-alibaba-zone-disconnected: the zone is offered and not connected.",
    .decide_by =
        "aliyun privatelink ListVpcEndpointServiceResources --ServiceId <epsrv> lacks a zone that "
        "aliyun nlb GetLoadBalancerAttribute --LoadBalancerId <nlb> shows in "
        "ZoneMappings[].ZoneId.",
    .source = "TiDB Cloud, private link connection to Alibaba Cloud RDS",
    .match = only_the_control_plane,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kDmsSslModeRemedy[] = {
    {"Choose verify-full (or verify-ca) with a certificate; none on a private path only.",
     "aws dms modify-endpoint --endpoint-arn <ep> --ssl-mode verify-full --certificate-arn "
     "<certificate>"}};
inline constexpr Cause kDmsSslMode{
    .id = "cloud-dms-ssl-mode-invalid",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::dba,
    .title = "DMS: an SSL mode that it does not offer for MySQL",
    .shows_as = "the DMS endpoint cannot be saved, or its test fails",
    .summary =
        "The DMS endpoint for {host} asks for an SSL mode that DMS does not offer for MySQL: it "
        "knows none, verify-ca and verify-full.",
    .remedy = kDmsSslModeRemedy,
    .look_alikes = "cloud-dms-ca-wrong: the mode is right, the certificate is not.",
    .decide_by = "aws dms describe-endpoints: Endpoints[].SslMode.",
    .source = "AWS DMS guide, using SSL",
    .match = only_dms,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kDmsCaRemedy[] = {
    {"Import the right one as PEM, with intermediates if the server does not send them (Starter "
     "and Essential: ISRG Root X1; Dedicated: the CA of the console).",
     "aws dms import-certificate --certificate-identifier isrg-root-x1 --certificate-pem "
     "file://isrgrootx1.pem"}};
inline constexpr Cause kDmsCa{
    .id = "cloud-dms-ca-wrong",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::pki,
    .title = "DMS: the imported CA certificate does not fit the server",
    .shows_as = "the DMS test fails with an SSL error in LastFailureMessage",
    .summary = "DMS verifies {host} with a CA certificate that does not fit.",
    .remedy = kDmsCaRemedy,
    .look_alikes =
        "plumb check {host} --ca FILE with the same file: if it passes, DMS uses another one.",
    .decide_by = "aws dms describe-certificates; aws dms describe-connections: LastFailureMessage.",
    .source = "TiDB Cloud: connect AWS DMS to TiDB Cloud; AWS DMS guide, using SSL",
    .match = only_dms,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kDmsSecretsRemedy[] = {
    {"Give its VPC an endpoint for Secrets Manager.",
     "aws ec2 create-vpc-endpoint --vpc-id {vpc} --vpc-endpoint-type Interface --service-name "
     "com.amazonaws.{region}.secretsmanager --subnet-ids <subnet> --security-group-ids <sg> "
     "--private-dns-enabled"}};
inline constexpr Cause kDmsSecrets{
    .id = "cloud-dms-secretsmanager-unreachable",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "DMS: the replication instance cannot reach Secrets Manager",
    .shows_as = "the DMS test: \"Unable to find Secrets Manager secret\", curlCode: 28",
    .summary =
        "The DMS replication instance cannot reach Secrets Manager, so it never gets as far as "
        "{host}.",
    .remedy = kDmsSecretsRemedy,
    .look_alikes = "tcp-dms-no-internet: it is the database that is not reached.",
    .decide_by =
        "aws dms describe-connections: LastFailureMessage; aws ec2 describe-vpc-endpoints "
        "--filters Name=service-name,Values=com.amazonaws.{region}.secretsmanager.",
    .source = "AWS DMS release notes 3.4.7; TiDB Cloud: migrate from Oracle with AWS DMS",
    .match = only_dms,
    .needs = sign::no_packet};

inline constexpr RemedyTemplate kAnalyzerRemedy[] = {
    {"Describe the path.",
     "aws ec2 create-network-insights-path --source <instance-or-eni> --destination <vpce> "
     "--protocol tcp --destination-port <port>"},
    {"Analyse it.", "aws ec2 start-network-insights-analysis --network-insights-path-id <nip>"},
    {"Read it: ENI_SG_RULES_MISMATCH is a security group, SUBNET_ACL_RESTRICTION a network ACL, "
     "BAD_STATE the endpoint's state, CANNOT_ROUTE and NO_ROUTE_TO_DESTINATION a route, ELBV2_* "
     "the provider's load balancer.",
     "aws ec2 describe-network-insights-analyses --network-insights-analysis-ids <nia>"}};
inline constexpr Cause kAnalyzer{
    .id = "cloud-reachability-analyzer-verdict",
    .layer = Layer::cloud,
    .severity = Severity::info,
    .owner = Owner::network,
    .title = "What AWS Reachability Analyzer says about the path",
    .shows_as = "an offline proof for every silent drop in AWS",
    .summary = "Reachability Analyzer names what blocks the path to {host}.",
    .remedy = kAnalyzerRemedy,
    .look_alikes = "It analyses the configuration and sends no packet, within one region.",
    .decide_by = "NetworkPathFound and Explanations[].ExplanationCode of the analysis.",
    .source = "AWS Reachability Analyzer, explanation codes",
    .match = only_the_control_plane,
    .needs = sign::no_packet};

}  // namespace plumb::cloud::rows

// The rows of what leaves a trace on the wire, but none that decides (candidates.hpp).
#pragma once

#include "checks/cloud/candidates.hpp"

namespace plumb::cloud::rows {

inline constexpr RemedyTemplate kPendingRemedy[] = {
    {"Provider: accept the connection (TiDB Cloud: enter the vpce id in the console).",
     "aws ec2 accept-vpc-endpoint-connections --service-id <vpce-svc> --vpc-endpoint-ids <vpce>"}};
inline constexpr Cause kPending{
    .id = "cloud-endpoint-pending-acceptance",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The endpoint waits for the provider's acceptance",
    .shows_as = "private addresses in DNS, and no answer to a SYN",
    .summary =
        "Nothing answers at {silent}. Possibly the provider has not accepted the endpoint yet: "
        "until then it has addresses and stays silent.",
    .remedy = kPendingRemedy,
    .look_alikes =
        "Everything that drops a SYN without a word looks the same; only the named field tells "
        "them apart.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: State is \"pendingAcceptance\" "
        "(HeatWave's console shows Active all the same).",
    .source =
        "HeatWave egress PrivateLink; AWS re:Post connect-endpoint-service-vpc; EC2 API "
        "VpcEndpoint",
    .match = match_pending_acceptance,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kNotRegisteredRemedy[] = {
    {"TiDB Cloud console: Networking, Create Private Endpoint Connection: enter the vpce id (not "
     "the id of the service). After Failed choose Edit; it takes about 5 minutes.",
     "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={vpc} --query "
     "'VpcEndpoints[].[VpcEndpointId,State,ServiceName]'"}};
inline constexpr Cause kNotRegistered{
    .id = "cloud-tidb-endpoint-not-registered",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint is not registered with TiDB Cloud",
    .shows_as = "the endpoint is there, and no answer to a SYN",
    .summary =
        "Nothing answers at {silent}. Possibly the endpoint's id was never entered in TiDB Cloud, "
        "or the entry failed.",
    .remedy = kNotRegisteredRemedy,
    .look_alikes = "cloud-endpoint-pending-acceptance is what AWS shows meanwhile.",
    .decide_by =
        "TiDB Cloud console, Networking: the private endpoint is Not Configured, Pending or Failed "
        "instead of Active.",
    .source = "TiDB Cloud: set up private endpoints, steps 3 and 5",
    .match = match_tidb_not_registered,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kListenerMissingRemedy[] = {
    {"Provider: create the listener.",
     "aws elbv2 create-listener --load-balancer-arn <nlb> --protocol TCP --port {port} "
     "--default-actions Type=forward,TargetGroupArn=<tg>"}};
inline constexpr Cause kListenerMissing{
    .id = "cloud-provider-nlb-listener-missing",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The provider's load balancer has no listener for the port",
    .shows_as = "this port is silent, whoever asks; another one may answer",
    .summary =
        "Nothing answers at {silent}. Possibly the provider's load balancer has no listener for "
        "port {port}.",
    .remedy = kListenerMissingRemedy,
    .look_alikes =
        "tcp-wrong-port-silent-drop: the same silence, and the client has the wrong port.",
    .decide_by =
        "aws elbv2 describe-listeners --load-balancer-arn <nlb>: Listeners[].Port lacks {port}; "
        "Reachability Analyzer: ELBV2_LISTENERS_MISMATCH.",
    .source = "AWS NLB guide, listeners; Reachability Analyzer explanation codes",
    .match = match_listener_missing,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kAzureNotApprovedRemedy[] = {
    {"TiDB Cloud console: accept the endpoint, with its resource id and its private address. After "
     "Disconnected delete it and make it anew.",
     "az network private-endpoint show -g <rg> -n <private-endpoint> --query "
     "'[id,customDnsConfigs]'"}};
inline constexpr Cause kAzureNotApproved{
    .id = "cloud-azure-connection-not-approved",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "Azure: the private endpoint's connection is not approved",
    .shows_as = "no answer to a SYN at the private endpoint's address",
    .summary =
        "Nothing answers at {silent}. Possibly the connection of the Azure private endpoint is not "
        "approved yet, or no longer.",
    .remedy = kAzureNotApprovedRemedy,
    .look_alikes = "tcp-azure-nsg-or-udr is as silent.",
    .decide_by =
        "az network private-endpoint show -g <rg> -n <private-endpoint>: "
        "manualPrivateLinkServiceConnections[].privateLinkServiceConnectionState.status is "
        "Pending, "
        "Rejected or Disconnected; only Approved lets traffic pass.",
    .source = "Azure: manage private endpoint connections; TiDB Cloud: private endpoints on Azure",
    .match = match_azure_not_approved,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kPscNotAcceptedRemedy[] = {
    {"Make the endpoint with the command that the TiDB Cloud console prints, then accept it there.",
     "gcloud compute forwarding-rules describe <endpoint> --region {region} "
     "--format='get(IPAddress,pscConnectionStatus)'"}};
inline constexpr Cause kPscNotAccepted{
    .id = "cloud-psc-not-accepted",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "Google Cloud: the Private Service Connect endpoint is not accepted",
    .shows_as = "no answer to a SYN at the endpoint's address",
    .summary =
        "Nothing answers at {silent}. Possibly the Private Service Connect endpoint is not "
        "accepted by TiDB Cloud.",
    .remedy = kPscNotAcceptedRemedy,
    .look_alikes = "tcp-gcp-egress-firewall is as silent; the status is ACCEPTED then.",
    .decide_by =
        "gcloud compute forwarding-rules describe <endpoint> --region {region}: "
        "pscConnectionStatus is PENDING, REJECTED, "
        "CLOSED or NEEDS_ATTENTION.",
    .source =
        "TiDB Cloud: private endpoints on Google Cloud; Private Service Connect, endpoint status",
    .match = match_psc_not_accepted,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kPscExhaustedRemedy[] = {
    {"Delete endpoints that nobody uses, or ask TiDB Cloud for a project with a larger network "
     "(/16: 247 endpoints).",
     "gcloud compute forwarding-rules list --filter='pscConnectionId:*'"}};
inline constexpr Cause kPscExhausted{
    .id = "cloud-psc-quota-or-nat-exhausted",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "Google Cloud: no room for more endpoints or connections at the service",
    .shows_as = "NEEDS_ATTENTION, new endpoints that fail, or connects that fail under load",
    .summary =
        "Nothing answers at {silent}. Possibly the service has no NAT addresses left for more "
        "endpoints or connections.",
    .remedy = kPscExhaustedRemedy,
    .look_alikes = "cloud-psc-not-accepted: it never worked.",
    .decide_by =
        "The provider: NAT addresses in use of the service attachment; gcloud compute "
        "forwarding-rules describe <endpoint> --region {region}: pscConnectionStatus is "
        "NEEDS_ATTENTION.",
    .source = "TiDB Cloud: private endpoints on Google Cloud, limits",
    .match = match_psc_exhausted,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kAlibabaNotConnectedRemedy[] = {
    {"Provider: accept the connection.",
     "aliyun privatelink EnableVpcEndpointConnection --ServiceId <epsrv> --EndpointId <ep>"}};
inline constexpr Cause kAlibabaNotConnected{
    .id = "cloud-alibaba-endpoint-not-connected",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "Alibaba Cloud: the endpoint is not connected to the service",
    .shows_as = "no answer to a SYN at the endpoint's addresses",
    .summary =
        "Nothing answers at {silent}. Possibly the Alibaba Cloud endpoint is not connected: not "
        "accepted, or the service is locked or gone.",
    .remedy = kAlibabaNotConnectedRemedy,
    .look_alikes = "tcp-alibaba-sg-blocks is as silent.",
    .decide_by =
        "aliyun privatelink ListVpcEndpoints --EndpointId <ep>: ConnectionStatus is not Connected, "
        "or EndpointBusinessStatus is not Normal.",
    .source = "Alibaba Cloud PrivateLink API; TiDB Cloud: private endpoints on Alibaba Cloud",
    .match = match_alibaba_not_connected,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kAlibabaZoneRemedy[] = {
    {"Provider: connect the zone.",
     "aliyun privatelink EnableVpcEndpointZoneConnection --ServiceId <epsrv> --EndpointId <ep> "
     "--ZoneId <zone>"}};
inline constexpr Cause kAlibabaZone{
    .id = "cloud-alibaba-zone-disconnected",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "Alibaba Cloud: a zone of the endpoint is not connected",
    .shows_as = "the address of one zone is silent, others answer",
    .summary =
        "Nothing answers at {silent}. Possibly that zone of the Alibaba Cloud endpoint is not "
        "connected, although the endpoint is.",
    .remedy = kAlibabaZoneRemedy,
    .look_alikes = "A zone whose load balancer has no backend is as silent.",
    .decide_by =
        "aliyun privatelink ListVpcEndpointZones --EndpointId <ep>: Zones[].ZoneStatus is not "
        "Connected.",
    .source = "Alibaba Cloud PrivateLink API",
    .match = match_alibaba_zone,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kRegionRemedy[] = {
    {"Make the endpoint in {there} and connect this network to it (peering, transit gateway), or "
     "run the client in {there}.",
     "aws ec2 create-vpc-peering-connection --vpc-id {vpc} --peer-vpc-id <vpc-of-endpoint> "
     "--peer-region {there}"}};
inline constexpr Cause kRegion{
    .id = "cloud-region-mismatch",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint is of another region than this client",
    .shows_as = "the region in the host name differs from the one that the metadata service tells",
    .summary =
        "The host name is of region {there} and this host is in {here}: a private endpoint is "
        "reached from the network that it is in and from those connected with it.",
    .remedy = kRegionRemedy,
    .look_alikes =
        "Networks that are connected across regions reach it all the same; then something else "
        "drops the connection.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --region {there}: which VPC the endpoint is in, and "
        "whether a route leads there from {vpc}.",
    .source =
        "TiDB Cloud: set up private endpoints, restrictions; HeatWave PrivateLink limitations",
    .match = match_region_mismatch,
    .needs = sign::failed(Phase::connect) | sign::odd_name};

inline constexpr RemedyTemplate kHeatwaveNameRemedy[] = {
    {"HeatWave console, PrivateLink details: take the default hostname for the channel. Give the "
     "source's name as the hostname of the egress PrivateLink if the certificate is to be "
     "verified.",
     ""}};
inline constexpr Cause kHeatwaveName{
    .id = "cloud-heatwave-hostname-wrong",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::dba,
    .title = "HeatWave: the channel uses the source's own name instead of the default hostname",
    .shows_as =
        "error 2005 or 2003 in the channel; the name of the RDS or Aurora endpoint in its "
        "configuration",
    .summary =
        "{host} is the source's own name, which leads into another VPC. HeatWave reaches it by the "
        "default hostname of its egress PrivateLink only.",
    .remedy = kHeatwaveNameRemedy,
    .look_alikes = "With the right name, everything that drops a SYN without a word.",
    .decide_by =
        "HeatWave console: the channel's hostname differs from the default hostname in the "
        "PrivateLink details.",
    .source = "HeatWave: creating an egress PrivateLink",
    .match = match_heatwave_hostname,
    .needs = sign::failed(Phase::connect) | sign::odd_name};

inline constexpr RemedyTemplate kServiceNameRemedy[] = {
    {"Make the endpoint anew with the service name that the connection dialog shows. Dedicated: "
     "one service per cluster; Starter and Essential: one per region.",
     "aws ec2 create-vpc-endpoint --vpc-id {vpc} --region {region} --service-name <service-name> "
     "--vpc-endpoint-type Interface --subnet-ids <subnet> --security-group-ids <endpoint-sg>",
     {},
     Cloud::aws},
    {"Make the private endpoint anew with the resource ID that the connection dialog shows: each "
     "Dedicated cluster has its own.",
     "az network private-endpoint create -g <rg> -n <private-endpoint> --vnet-name <vnet> --subnet "
     "<subnet> --private-connection-resource-id <resource-id> --connection-name <name> "
     "--manual-request true",
     {},
     Cloud::azure},
    {"Make the endpoint anew with the command that the connection dialog shows: each Dedicated "
     "cluster has a service attachment of its own.",
     "",
     {},
     Cloud::gcp},
    {"Make the endpoint anew with the service name that the connection dialog shows.",
     "",
     {},
     Cloud::alibaba}};
inline constexpr Cause kServiceName{
    .id = "cloud-endpoint-wrong-service-name",
    .layer = Layer::cloud,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "The endpoint leads to another service: another cluster or region",
    .shows_as = "the endpoint works, but another server answers, or refuses the account (1045)",
    .summary =
        "At {address} {sign}. Possibly the endpoint behind {host} was made for another service "
        "than "
        "this cluster's.",
    .remedy = kServiceNameRemedy,
    .look_alikes =
        "mysql-wrong-server-answered shows it where the server is of another kind; two clusters of "
        "one kind look alike.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: ServiceName differs from the "
        "connection dialog's.",
    .source = "TiDB Cloud: set up private endpoints, restrictions",
    .match = match_wrong_service,
    .needs = sign::talk_failed | sign::failed(Phase::session) | sign::seen(Phase::tls)};

}  // namespace plumb::cloud::rows

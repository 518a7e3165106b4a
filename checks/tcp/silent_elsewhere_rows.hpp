// The rows of what may silence a SYN in clouds other than AWS: there they stand in the place of the
// security group, the network ACL and the route of AWS.
#pragma once

#include "checks/tcp/silent_rows.hpp"

namespace plumb::tcp::rows {

inline constexpr RemedyTemplate kAzureRemedy[] = {
    {"See whether the client's network security group lets the port out.",
     "az network watcher test-ip-flow --direction Outbound --protocol TCP --local "
     "<client-ip>:50000 "
     "--remote {address}:{port} --vm <vm> -g <rg>"},
    {"Let it out.",
     "az network nsg rule create -g <rg> --nsg-name <nsg> -n allow-tidb --priority 200 --direction "
     "Outbound --access Allow --protocol Tcp --destination-address-prefixes {address} "
     "--destination-port-ranges {port}"}};
inline constexpr Cause kAzure{
    .id = "tcp-azure-nsg-or-udr",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "Azure: a network security group or a user-defined route drops the connection",
    .shows_as = "no answer to a SYN to the private endpoint's address",
    .summary =
        "Nothing answers at {silent}. Possibly a network security group or a user-defined "
        "route of Azure drops the connection.",
    .remedy = kAzureRemedy,
    .look_alikes =
        "cloud-azure-connection-not-approved. At the endpoint's own subnet both count "
        "only where privateEndpointNetworkPolicies is enabled; at the client's, always.",
    .decide_by =
        "az network watcher test-ip-flow --direction Outbound --protocol TCP --local "
        "<client-ip>:50000 --remote {address}:{port} --vm <vm> -g <rg>: access is \"Deny\" and "
        "ruleName says by what; az "
        "network vnet subnet show -g <rg> --vnet-name <vnet> -n <subnet> --query "
        "privateEndpointNetworkPolicies.",
    .source =
        "Azure: network policies for private endpoints; TiDB Cloud: private endpoints on "
        "Azure",
    .match = match_azure,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kGcpRemedy[] = {
    {"Look for a rule that denies egress.",
     "gcloud compute firewall-rules list --filter=\"direction=EGRESS AND denied:*\""},
    {"Allow the endpoint's address before it.",
     "gcloud compute firewall-rules create allow-tidb --network <vpc> --direction EGRESS --action "
     "ALLOW --rules tcp:{port} --destination-ranges {address}/32 --priority 900"}};
inline constexpr Cause kGcp{
    .id = "tcp-gcp-egress-firewall",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "Google Cloud: a firewall rule denies egress to the endpoint",
    .shows_as = "no answer to a SYN to the endpoint's address, although its connection is accepted",
    .summary =
        "Nothing answers at {silent}. Possibly an egress rule of the Google Cloud firewall "
        "denies the endpoint's address, or the client is in another region without global "
        "access.",
    .remedy = kGcpRemedy,
    .look_alikes = "cloud-psc-not-accepted. Egress is allowed unless a rule denies it.",
    .decide_by =
        "gcloud compute firewall-rules list: an EGRESS rule denies tcp:{port} to {address}; "
        "pscConnectionStatus of the forwarding rule is ACCEPTED.",
    .source =
        "TiDB Cloud: private endpoints on Google Cloud; Private Service Connect, access "
        "endpoints",
    .match = match_gcp,
    .needs = sign::failed(Phase::connect)};

inline constexpr RemedyTemplate kAlibabaRemedy[] = {
    {"Let the client in at the endpoint's security group.",
     "aliyun ecs AuthorizeSecurityGroup --SecurityGroupId <endpoint-sg> --IpProtocol tcp "
     "--PortRange {port}/{port} --SourceCidrIp {client_cidr}"}};
inline constexpr Cause kAlibaba{
    .id = "tcp-alibaba-sg-blocks",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "Alibaba Cloud: the endpoint's security group does not admit the port",
    .shows_as = "no answer to a SYN to the endpoint's addresses",
    .summary =
        "Nothing answers at {silent}. Possibly the security group of the Alibaba Cloud "
        "endpoint does not let this client in on port {port}.",
    .remedy = kAlibabaRemedy,
    .look_alikes =
        "The load balancer's own group admits everything unless it denies (the opposite "
        "of AWS). cloud-alibaba-endpoint-not-connected is as silent.",
    .decide_by =
        "aliyun privatelink ListVpcEndpointSecurityGroups --EndpointId <ep>, then aliyun "
        "ecs DescribeSecurityGroupAttribute --SecurityGroupId <endpoint-sg>: no rule covers tcp "
        "{port}.",
    .source = "Alibaba Cloud NLB, security groups; TiDB Cloud: private endpoints on Alibaba Cloud",
    .match = match_alibaba,
    .needs = sign::failed(Phase::connect)};

}  // namespace plumb::tcp::rows

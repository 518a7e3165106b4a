// The rows of private names that do not lead to private addresses (private_name.hpp).
#pragma once

#include "checks/dns/private_name.hpp"

namespace plumb::dns::rows {

inline constexpr RemedyTemplate kPrivateDnsOffRemedy[] = {
    {"Switch it on, once the endpoint is Available.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --private-dns-enabled"},
    {"Wait a minute, then ask the VPC's own resolver.", "dig +short {host} @169.254.169.253"}};
inline constexpr Cause kPrivateDnsOff{
    .id = "dns-private-dns-not-enabled",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "Private DNS is not switched on for the endpoint",
    .shows_as = "the private name is NXDOMAIN, empty or public even from the VPC's own resolver",
    .summary =
        "{host} gives no private address, according to {resolvers}. Usually private DNS is not "
        "switched on for "
        "the endpoint.",
    .remedy = kPrivateDnsOffRemedy,
    .look_alikes =
        "dns-vpc-attributes-disabled: private DNS is on and the VPC ignores it. "
        "dns-custom-resolver-bypasses-vpc: the VPC's own resolver knows the name. A cluster that "
        "is gone has no name at all.",
    .decide_by =
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: PrivateDnsEnabled is false.",
    .source = "TiDB Cloud: set up private endpoints, step 4; AWS PrivateLink guide, private DNS",
    .match = dns::match_private_dns_off,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kVpcAttributesRemedy[] = {
    {"Both must be on; each needs a call of its own.",
     "aws ec2 modify-vpc-attribute --vpc-id {vpc} --enable-dns-support '{\"Value\":true}'\n"
     "aws ec2 modify-vpc-attribute --vpc-id {vpc} --enable-dns-hostnames '{\"Value\":true}'"},
    {"Then switch private DNS on again.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --private-dns-enabled"}};
inline constexpr Cause kVpcAttributes{
    .id = "dns-vpc-attributes-disabled",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "The VPC has DNS support or DNS hostnames switched off",
    .shows_as = "the VPC's own resolver is silent, or ignores the names of endpoints",
    .summary = "{host} {says}. Possibly {which} off in this VPC.",
    .remedy = kVpcAttributesRemedy,
    .look_alikes =
        "dns-private-dns-not-enabled: the same answers. No security group or network ACL can "
        "silence this resolver.",
    .decide_by =
        "aws ec2 describe-vpc-attribute --vpc-id {vpc} --attribute enableDnsSupport, and "
        "--attribute enableDnsHostnames: Value is false.",
    .source = "AWS VPC guide, DNS attributes; TiDB Cloud: set up private endpoints, prerequisites",
    .match = dns::match_vpc_attributes,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kCustomResolverRemedy[] = {
    {"Forward the zones tidbcloud.com, tidb-cloud.com and vpce.amazonaws.com from that resolver to "
     "the VPC's own (its network address plus two).",
     "",
     {},
     Cloud::aws},
    {"Or let the VPC hand out its own resolver: options of this kind, put in the place of those "
     "that it has.",
     "aws ec2 create-dhcp-options --dhcp-configurations "
     "Key=domain-name-servers,Values=AmazonProvidedDNS\naws ec2 associate-dhcp-options --vpc-id "
     "{vpc} --dhcp-options-id <dopt>",
     {},
     Cloud::aws},
    {"Azure: forward the zones tidbcloud.com and tidb-cloud.com from that resolver to "
     "168.63.129.16, "
     "or take it out of the virtual network's DNS servers.",
     "az network vnet show -g <rg> -n <vnet> --query dhcpOptions.dnsServers",
     {},
     Cloud::azure},
    {"Google Cloud: forward the zones tidbcloud.com and tidb-cloud.com from that resolver to "
     "169.254.169.254, or let this host ask that one.",
     "",
     {},
     Cloud::gcp},
    {"Alibaba Cloud: forward the zones tidbcloud.com and aliyuncs.com from that resolver to "
     "100.100.2.136, or let this host ask that one.",
     "",
     {},
     Cloud::alibaba}};
inline constexpr Cause kCustomResolver{
    .id = "dns-custom-resolver-bypasses-vpc",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "The configured resolver goes past the VPC's own",
    .shows_as =
        "the configured resolver denies the name or gives public addresses, the VPC's own gives "
        "private ones",
    .summary =
        "The DNS resolver {resolvers} does not lead {host} to its private addresses; {knows}.",
    .remedy = kCustomResolverRemedy,
    .look_alikes =
        "dns-private-dns-not-enabled: the VPC's own resolver does not know the name either.",
    .decide_by =
        "plumb check {target} --vpc-resolver <VPC network address plus two>: it gives private "
        "addresses; aws ec2 describe-dhcp-options: domain-name-servers is not AmazonProvidedDNS.",
    .source = "AWS VPC guide, DNS and DHCP option sets",
    .match = dns::match_custom_resolver,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kOnpremRemedy[] = {
    {"Make an inbound resolver endpoint in the VPC and forward the zone to it.",
     "aws route53resolver create-resolver-endpoint --creator-request-id plumb --direction INBOUND "
     "--security-group-ids <sg> --ip-addresses SubnetId=<subnet-a> SubnetId=<subnet-b>"},
    {"Or use the endpoint's own regional name (public DNS), with verify-ca instead of verify-full.",
     "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce> --query "
     "'VpcEndpoints[].DnsEntries[].DnsName'"}};
inline constexpr Cause kOnprem{
    .id = "dns-onprem-forwarder-missing",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "A network outside the VPC does not forward the private names into it",
    .shows_as = "the client is in no VPC, and its resolver denies a private name",
    .summary =
        "{host} gives no private address, according to {resolvers}, and this host seems to be in "
        "no cloud "
        "network. Possibly its resolver does not forward private names into the VPC.",
    .remedy = kOnpremRemedy,
    .look_alikes =
        "dns-private-dns-not-enabled: inside the VPC the name does not resolve either. A metadata "
        "service that a hop limit hides makes a cloud host look like this.",
    .decide_by =
        "From a host inside the VPC the name gives private addresses; aws route53resolver "
        "list-resolver-endpoints: none is INBOUND.",
    .source = "AWS PrivateLink guide, endpoint DNS names; AWS VPC guide, DNS",
    .match = dns::match_onprem_forwarder,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kShadowingRemedy[] = {
    {"Add the record to that zone, or take the zone off this network.", ""},
    {"See which private zones the VPC has.",
     "aws route53 list-hosted-zones-by-vpc --vpc-id {vpc} --vpc-region {region}",
     {},
     Cloud::aws},
    {"Take the zone off this VPC.",
     "aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id <zone-id> --vpc "
     "VPCRegion={region},VPCId={vpc}",
     {},
     Cloud::aws}};
inline constexpr Cause kShadowing{
    .id = "dns-phz-shadowing",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "A private zone of the VPC stands before the provider's names",
    .shows_as = "a negative answer whose SOA names a private zone above the host",
    .summary =
        "{host} gives no address, according to {resolvers}; the answer comes from the zone {zone}. "
        "Possibly a "
        "private hosted zone of that name hides the provider's.",
    .remedy = kShadowingRemedy,
    .look_alikes =
        "The provider's own public zone answers the same way for a name that does not exist "
        "(dns-nxdomain).",
    .decide_by =
        "aws route53 list-hosted-zones-by-vpc --vpc-id {vpc} --vpc-region {region}: "
        "HostedZoneSummaries[].Name is a suffix of {host}.",
    .source = "AWS VPC guide, DNS; RFC 2308",
    .match = dns::match_shadowing,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kAzureZoneRemedy[] = {
    {"Link it.",
     "az network private-dns link vnet create -g <rg> -z <zone> -n tidb-link -v <vnet> -e false"}};
inline constexpr Cause kAzureZone{
    .id = "dns-zone-not-linked-to-vnet",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::network,
    .title = "Azure: the private DNS zone is not linked to this virtual network",
    .shows_as = "Azure's resolver denies the private name, or gives a public address",
    .summary =
        "{host} gives no private address, according to {resolvers}. Possibly its private DNS zone "
        "is not "
        "linked to this virtual network.",
    .remedy = kAzureZoneRemedy,
    .look_alikes =
        "With DNS servers of its own the virtual network does not ask Azure's resolver; then the "
        "link makes no difference.",
    .decide_by =
        "az network private-dns link vnet list -g <rg> -z <zone>: no entry for this virtual "
        "network; az network vnet show -g <rg> -n <vnet> --query dhcpOptions.dnsServers.",
    .source = "Azure: private endpoint DNS",
    .match = dns::match_azure_zone,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kPscRecordRemedy[] = {
    {"Switch on the APIs that let the console make it.",
     "gcloud services enable dns.googleapis.com servicedirectory.googleapis.com"},
    {"Or make it by hand.",
     "gcloud dns record-sets create {host}. --type=A --rrdatas=<endpoint-ip> --zone=<zone>"}};
inline constexpr Cause kPscRecord{
    .id = "dns-psc-record-missing",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "Google Cloud: the endpoint's DNS record is missing",
    .shows_as = "Google Cloud's resolver denies the private name",
    .summary =
        "{host} gives no private address, according to {resolvers}. Possibly the record of the "
        "Private Service "
        "Connect endpoint was never made.",
    .remedy = kPscRecordRemedy,
    .look_alikes = "cloud-psc-not-accepted: the name is there and the address is silent.",
    .decide_by =
        "gcloud dns record-sets list --zone=<zone>: no record of {host}; gcloud compute "
        "forwarding-rules describe <endpoint> --region {region}: IPAddress.",
    .source = "TiDB Cloud: private endpoints on Google Cloud",
    .match = dns::match_psc_record,
    .needs = sign::odd_name};

inline constexpr RemedyTemplate kUnverifiedRemedy[] = {
    {"Provider: publish the TXT record, then verify.",
     "aws ec2 start-vpc-endpoint-service-private-dns-verification --service-id <vpce-svc>"},
    {"Meanwhile use the endpoint's regional name.",
     "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce> --query "
     "'VpcEndpoints[].DnsEntries[].DnsName'"}};
inline constexpr Cause kUnverified{
    .id = "dns-provider-domain-unverified",
    .layer = Layer::dns,
    .severity = Severity::error,
    .owner = Owner::service_provider,
    .title = "The provider's private DNS name is not verified",
    .shows_as = "private DNS cannot be enabled, for no consumer of the service",
    .summary =
        "{host} gives no private address, according to {resolvers}. Possibly its provider has not "
        "verified the "
        "domain of its private DNS name, so that no consumer can enable it.",
    .remedy = kUnverifiedRemedy,
    .look_alikes = "dns-private-dns-not-enabled: it can be enabled, and is not.",
    .decide_by =
        "aws ec2 describe-vpc-endpoint-services --service-names <service-name>: "
        "PrivateDnsNameVerificationState is not verified.",
    .source = "AWS PrivateLink guide, manage DNS names",
    .match = dns::match_unverified_domain,
    .needs = sign::odd_name};

}  // namespace plumb::dns::rows

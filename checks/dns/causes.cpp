#include "checks/dns/causes.hpp"

#include <array>

#include "checks/dns/host_rows.hpp"
#include "checks/dns/no_answer.hpp"
#include "checks/dns/odd_answer.hpp"
#include "checks/dns/private_name_rows.hpp"

namespace plumb {
namespace {

constexpr RemedyTemplate kNxdomain[] = {
    {"Copy the host again from the connection dialog (Connect, matching connection type); look for "
     "a typing error.",
     ""},
    {"A private name in AWS: ask the VPC's own resolver; if it knows the name, use it, or forward "
     "the zone to it.",
     "dig +short {host} @169.254.169.253",
     {},
     Cloud::aws},
    {"If the VPC's own resolver does not know it either: turn private DNS on for the endpoint.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --private-dns-enabled",
     {},
     Cloud::aws},
    {"A private name in Azure: see that its private DNS zone is linked to this virtual network.",
     "az network private-dns link vnet list -g <rg> -z <zone>",
     {},
     Cloud::azure},
    {"A private name in Google Cloud: see that the endpoint's record is there.",
     "gcloud dns record-sets list --zone=<zone>",
     {},
     Cloud::gcp},
    {"A private name in Alibaba Cloud: ask the VPC's own resolver.",
     "dig +short {host} @100.100.2.136",
     {},
     Cloud::alibaba}};
constexpr RemedyTemplate kDangling[] = {
    {"Point the CNAME at the endpoint's present name, or ask whoever owns the record.",
     "dig +trace {host}"}};
constexpr RemedyTemplate kTimeout[] = {
    {"Ask it by hand, over UDP and over TCP.",
     "dig -p {server_port} {host} @{server}\ndig -p {server_port} +tcp {host} @{server}"},
    {"Open UDP and TCP 53 to it, or take it out of resolv.conf "
     "(DHCP options) and use the VPC's resolver.",
     ""}};
constexpr RemedyTemplate kServfail[] = {
    {"See whether validation fails: with +cd an answer appears.",
     "dig -p {server_port} +cd {host} @{server}"},
    {"Mend the forwarder that this resolver uses for the zone.", ""},
    {"See which forwarding rules the VPC has.",
     "aws route53resolver list-resolver-rule-associations --filters Name=VPCId,Values=<vpc>",
     {},
     Cloud::aws}};
constexpr RemedyTemplate kRefused[] = {
    {"Allow this client's network on the resolver (unbound: access-control, BIND: "
     "allow-recursion), or use the "
     "VPC's resolver.",
     ""}};
constexpr RemedyTemplate kPublic[] = {
    {"Turn private DNS on for the endpoint.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --private-dns-enabled",
     {},
     Cloud::aws,
     "endpoint"},
    {"Compare with the VPC's own resolver: if it gives private addresses, forward the zone to it.",
     "dig +short {host} @169.254.169.253",
     {},
     Cloud::aws},
    {"Azure: let the endpoint write its record into the private DNS zone, and link the zone to "
     "this "
     "virtual network.",
     "az network private-endpoint dns-zone-group list -g <rg> --endpoint-name <private-endpoint>",
     {},
     Cloud::azure,
     "endpoint"},
    {"Google Cloud: make a private zone with the endpoint's record visible in this network.",
     "gcloud dns managed-zones list",
     {},
     Cloud::gcp,
     "endpoint"},
    {"Alibaba Cloud: compare with the VPC's own resolver: if it gives private addresses, forward "
     "the zone to it.",
     "dig +short {host} @100.100.2.136",
     {},
     Cloud::alibaba},
    {"Use the host that the connection dialog shows for VPC peering; if it is this one, see who "
     "else answers for it here: a zone of this network, a line in the hosts file.",
     "dig +short {host}",
     {},
     Cloud::unknown,
     "peering"},
    {"If you meant the public endpoint: it has a host name of its own in the connection dialog.",
     ""}};
constexpr RemedyTemplate kHosts[] = {
    {"Take the line out of the hosts file, if nobody put it there on purpose: {line}.",
     "grep -n -i {host} /etc/hosts"}};
constexpr RemedyTemplate kSinkhole[] = {
    {"Allow the database's domain before the rule that blocks it.", ""},
    {"See which rule groups the VPC's DNS Firewall has.",
     "aws route53resolver list-firewall-rule-group-associations --vpc-id <vpc>",
     {},
     Cloud::aws},
    {"Compare with another resolver.", "plumb check {target} --resolver <another-resolver>"}};
constexpr RemedyTemplate kFamily[] = {
    {"Let the endpoint have IPv4 addresses and records.", ""},
    {"Switch an endpoint of AWS to them.",
     "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce> --ip-address-type ipv4 --dns-options "
     "DnsRecordIpType=ipv4",
     {},
     Cloud::aws},
    {"Or give this host an IPv6 address and route.", "ip -6 route"}};
constexpr RemedyTemplate kRebinding[] = {
    {"Let this resolver give private addresses for the name, or for its whole domain (dnsmasq).",
     "rebind-domain-ok=/{host}/"},
    {"The same in unbound.", "private-domain: {host}"}};

constexpr std::string_view kNoName[] = {"dns-nxdomain"};

constexpr std::array<Cause, 24> kCauses{{
    dns::rows::kCustomResolver,
    dns::rows::kPrivateDnsOff,
    dns::rows::kVpcAttributes,
    dns::rows::kOnprem,
    dns::rows::kShadowing,
    dns::rows::kAzureZone,
    dns::rows::kPscRecord,
    dns::rows::kWrongHostType,
    dns::rows::kHostTypo,
    dns::rows::kStaleRecord,
    dns::rows::kZoneNameDown,
    dns::rows::kThrottled,
    dns::rows::kConflict,
    dns::rows::kUnverified,
    {.id = "dns-nxdomain",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "The name does not exist",
     .shows_as = "rcode 3 (NXDOMAIN) from the resolvers, EAI_NONAME from getaddrinfo",
     .summary = "The name {host} does not exist, says the DNS resolver {resolvers}.",
     .remedy = kNxdomain,
     .look_alikes = "No addresses but NOERROR: the name exists (dns-rebinding-filtered). NXDOMAIN "
                    "from one resolver "
                    "only: the private zone is not known there.",
     .decide_by =
         "The connection dialog (TiDB Cloud API: endpoints[].host): whether {host} is a name that "
         "exists; aws ec2 describe-vpc-endpoints: DnsEntries[].DnsName.",
     .source = "RFC 8020; TiDB Cloud: set up private endpoints, step 5",
     .match = dns::match_nxdomain,
     .needs = sign::odd_name},
    {.id = "dns-dangling-cname",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::endpoint_owner,
     .title = "The name is an alias of a name that does not exist",
     .shows_as = "a CNAME chain that ends with NXDOMAIN, or without any address",
     .summary = "{host} is an alias that ends at {dead_end}, which {lacks}: the endpoint "
                "was probably made anew.",
     .remedy = kDangling,
     .look_alikes =
         "dns-nxdomain: the name itself does not exist. The alias ends at a private name "
         "that this resolver does not know (dns-custom-resolver-bypasses-vpc, "
         "dns-private-dns-not-enabled), or its addresses are left out "
         "(dns-rebinding-filtered).",
     .decide_by = "dig {dead_end} @<the cloud's own resolver>: NXDOMAIN; aws ec2 "
                  "describe-vpc-endpoints: no DnsEntries[].DnsName is {dead_end}.",
     .source = "RFC 2308 §2.1",
     .match = dns::match_dangling_cname,
     .supersedes = kNoName,
     .needs = sign::odd_name},
    {.id = "dns-resolver-timeout",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "A configured resolver does not answer",
     .shows_as = "no usable answer to any try: silence, a refused port, no route, or bytes that "
                 "are no DNS message",
     .summary = "The DNS resolver {resolvers} {silence}, so a client that asks it cannot find "
                "{host}.",
     .remedy = kTimeout,
     .look_alikes = "client-no-network: nothing at all is reachable. A throttled resolver answers "
                    "now and then.",
     .decide_by =
         "dig -p {server_port} +tcp {host} @{server}: an answer over TCP means that UDP is "
         "filtered; from another host, that this one is blocked.",
     .source = "resolv.conf(5); AWS VPC guide, DNS",
     .match = dns::match_resolver_timeout,
     .needs = sign::odd_name},
    {.id = "dns-servfail",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "A resolver could not find the answer out",
     .shows_as = "rcode 2 (SERVFAIL), EAI_AGAIN from getaddrinfo",
     .summary = "The DNS resolver {resolvers} answers SERVFAIL: a forwarder behind it is broken, "
                "or DNSSEC "
                "validation fails.",
     .remedy = kServfail,
     .look_alikes =
         "With the CD bit an answer appears: validation. Only for the private zone: the forwarder.",
     .decide_by = "",
     .source = "RFC 1035 §4.1.1; RFC 4035 §5.5",
     .match = dns::match_servfail,
     .needs = sign::odd_name},
    {.id = "dns-refused",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "A resolver refuses to answer this client",
     .shows_as = "rcode 5 (REFUSED)",
     .summary = "The DNS resolver {resolvers} refuses the question: its access list does not admit "
                "this client.",
     .remedy = kRefused,
     .look_alikes =
         "DNS Firewall never answers REFUSED: it gives NODATA, NXDOMAIN or another address.",
     .decide_by = "",
     .source = "RFC 1035 §4.1.1",
     .match = dns::match_refused,
     .needs = sign::odd_name},
    {.id = "dns-resolves-to-public-ip",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::endpoint_owner,
     .title = "The name leads to a public address although the profile expects a private one",
     .shows_as = "a global address in the answer",
     .summary = "{host} leads to {public}; profile {profile} expects a private "
                "one. Private DNS is "
                "probably off.",
     .remedy = kPublic,
     .look_alikes = "The name itself may be the public one of the same cluster: compare with the "
                    "connection dialog.",
     .decide_by =
         "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids <vpce>: PrivateDnsEnabled; the zone "
         "of {host} in the VPC's private zones.",
     .source = "AWS PrivateLink: private DNS; TiDB Cloud: set up private endpoints",
     .match = dns::match_public_address,
     .needs = sign::odd_name},
    {.id = "dns-hosts-file-override",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "The hosts file says otherwise than DNS",
     .shows_as =
         "the application's answer comes from the hosts file and differs from every resolver's",
     .summary = "The hosts file leads {host} to {in_hosts}; DNS says {in_dns}.",
     .remedy = kHosts,
     .look_alikes =
         "dns-stale-record-after-endpoint-recreate: the old address stands in DNS itself.",
     .decide_by =
         "plumb check {target} --connect-to {dns_address}: if that works, it is the hosts file.",
     .source = "hosts(5), nsswitch.conf(5)",
     .match = dns::match_hosts_override,
     .needs = sign::odd_name},
    {.id = "dns-firewall-or-sinkhole-override",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "A DNS firewall or sinkhole answers in the name's place",
     .shows_as =
         "0.0.0.0, :: or a loopback address for a name that is not local, an empty answer, or "
         "NXDOMAIN from the cloud's own resolver",
     .summary = "The answer for {host} is {answer}: possibly a DNS firewall or block list answers "
                "in its place.",
     .remedy = kSinkhole,
     .look_alikes = "dns-rebinding-filtered: private addresses are left out. A local tunnel may "
                    "want a loopback "
                    "address.",
     .decide_by = "aws route53resolver list-firewall-rules --firewall-rule-group-id <id>: Action "
                  "is BLOCK; or another "
                  "resolver gives another answer.",
     .source = "Route 53 Resolver DNS Firewall",
     .match = dns::match_sinkhole,
     .needs = sign::odd_name},
    {.id = "dns-rebinding-filtered",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::network,
     .title = "A resolver leaves private addresses out of its answers",
     .shows_as = "NOERROR without addresses from one resolver, private addresses from another",
     .summary = "{resolvers} answers for {host} without any address: possibly its protection "
                "against DNS rebinding "
                "leaves private addresses out.",
     .remedy = kRebinding,
     .look_alikes =
         "A name that has records of other types only, or a DNS firewall that answers NODATA.",
     .decide_by = "plumb check {target} --resolver <another resolver>: it gives a private address.",
     .source = "dnsmasq --stop-dns-rebind; unbound.conf private-address",
     .match = dns::match_rebinding,
     .needs = sign::odd_name},
    {.id = "dns-aaaa-only-or-unusable-family",
     .layer = Layer::dns,
     .severity = Severity::error,
     .owner = Owner::endpoint_owner,
     .title = "The name has addresses of a family that this host cannot use",
     .shows_as = "IPv6 addresses and ENETUNREACH or EADDRNOTAVAIL at once",
     .summary = "This host has no {lacks} and cannot use {failing}.",
     .remedy = kFamily,
     .look_alikes = "tcp-no-route: the family works and this network is unknown. "
                    "tcp-client-ephemeral-exhausted: EADDRNOTAVAIL, and this host has an IPv6 "
                    "address.",
     .decide_by = "ip -6 address show scope global on this host: no address.",
     .source = "RFC 6724; EC2 API, VpcEndpoint DnsOptions",
     .match = dns::match_unusable_family,
     .needs = sign::failed(Phase::connect)},
}};

}  // namespace

std::span<const Cause> dns_causes() { return kCauses; }

}  // namespace plumb

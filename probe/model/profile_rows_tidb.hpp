// The deployments of TiDB Cloud (failure catalogue §4, §1.1 to §1.3). A part of the table of
// profiles; included by profile.cpp alone.
#pragma once

#include <array>
#include <string_view>

#include "probe/model/profile.hpp"
#include "probe/model/profile_rows_shared.hpp"

namespace plumb::profile_rows {

// Catalogue §3.3.
inline constexpr std::string_view kTidb = "tidb tidb-gateway tiproxy";

inline constexpr std::array<std::string_view, 2> kNormalAtGateway{
    kGatewayAnswers,
    "Connections that are open for more than 30 minutes may be cut; pools should renew them every "
    "5."};
inline constexpr std::array<std::string_view, 3> kNormalAtEndpoint{kGatewayAnswers,
                                                                   kRangesMayOverlap, kNoPing};
inline constexpr std::array<std::string_view, 2> kNormalAtDedicated{kRangesMayOverlap, kNoPing};
inline constexpr std::array<std::string_view, 1> kNormalAtPeering{
    "The address ranges of both VPCs must not overlap: with peering that is a fault."};

inline constexpr std::array<Vantage, 2> kFromAnywhere{
    {{"the application's host", "the application's own path"},
     {"a host in the subnets of the DMS replication instance, with its security groups and its way "
      "to the internet (public address or NAT gateway)",
      "what DMS would meet; with Multi-AZ run it in both zones"}}};
inline constexpr std::array<Vantage, 3> kFromConsumer{
    {{"the application's host, in the VPC that holds the endpoint",
      "the application's own path: private DNS, the endpoint and its security group, the service"},
     kFromDmsSubnet,
     {"any other VPC",
      "nothing: the name has no private address there, and none may be reachable"}}};
inline constexpr std::array<Vantage, 2> kFromPeer{
    {{"the application's host, in the peered VPC",
      "the application's own path: the route to the peering, the network ACLs, the cluster's port"},
     kFromDmsSubnet}};

inline constexpr std::array<Profile, 8> kTidbCloud{{
    {.name = "tidb-starter-public-aws",
     .title = "TiDB Cloud Starter or Essential on AWS, public endpoint",
     .host_pattern = R"(gateway\d{2}\.[a-z0-9-]+\.prod\.aws\.tidbcloud\.com)",
     .product = Product::tidb_starter,
     .access = Access::public_endpoint,
     .cloud = Cloud::aws,
     .address = Expected::public_address,
     .port = 4000,
     .tls = TlsMode::verify_full,
     .roots = Roots::isrg,
     .behind_load_balancer = true,
     .flavors = kTidb,
     .normal = kNormalAtGateway,
     .vantages = kFromAnywhere,
     .source = "TiDB Cloud: TLS connections to Starter or Essential; use AWS DMS with TiDB Cloud"},
    {.name = "tidb-starter-private-aws",
     .title = "TiDB Cloud Starter or Essential on AWS, private endpoint (PrivateLink)",
     .host_pattern = R"(gateway\d{2}-privatelink\.[a-z0-9-]+\.prod\.aws\.tidbcloud\.com)",
     .product = Product::tidb_starter,
     .access = Access::private_endpoint,
     .cloud = Cloud::aws,
     .address = Expected::private_address,
     .port = 4000,
     .roots = Roots::isrg,
     .behind_load_balancer = true,
     .only_private_dns = true,
     .flavors = kTidb,
     .normal = kNormalAtEndpoint,
     .vantages = kFromConsumer,
     .source = "TiDB Cloud: connect to Starter or Essential via AWS PrivateLink"},
    {.name = "tidb-starter-public-alicloud",
     .title = "TiDB Cloud Starter or Essential on Alibaba Cloud, public endpoint",
     .host_pattern = R"(gateway\d{2}\.[a-z0-9-]+\.prod\.alicloud\.tidbcloud\.com)",
     .product = Product::tidb_starter,
     .access = Access::public_endpoint,
     .cloud = Cloud::alibaba,
     .address = Expected::public_address,
     .port = 4000,
     .tls = TlsMode::verify_full,
     .roots = Roots::isrg,
     .behind_load_balancer = true,
     .flavors = kTidb,
     .normal = kNormalAtGateway,
     .vantages = kFromAnywhere,
     .source = "TiDB Cloud: TLS connections to Starter or Essential"},
    {.name = "tidb-private-alicloud",
     .title = "TiDB Cloud Starter or Essential on Alibaba Cloud, private endpoint (PrivateLink)",
     .host_pattern = R"(ep-[a-z0-9]+[a-z0-9.-]*\.privatelink\.aliyuncs\.com)",
     .product = Product::tidb_starter,
     .access = Access::private_endpoint,
     .cloud = Cloud::alibaba,
     .address = Expected::private_address,
     .port = 4000,
     .roots = Roots::isrg,
     .behind_load_balancer = true,
     .flavors = kTidb,
     .certificate_name = "not the endpoint's own: use verify-ca, or --server-name with the name "
                         "that the console gives",
     .normal = kNormalAtEndpoint,
     .vantages = kFromConsumer,
     .source = "TiDB Cloud: private endpoint on Alibaba Cloud; the certificate's names were not "
               "seen by us"},
    {.name = "tidb-dedicated-public",
     .title = "TiDB Cloud Dedicated, public endpoint",
     .host_pattern = R"(tidb\.[a-z0-9]+\.clusters(\.staging)?\.tidb-cloud\.com)",
     .product = Product::tidb_dedicated,
     .access = Access::public_endpoint,
     .address = Expected::public_address,
     .port = 4000,
     .roots = Roots::console,
     .behind_load_balancer = true,
     .flavors = kTidb,
     .vantages = kFromAnywhere,
     .source = "TiDB Cloud: TLS connections to Dedicated; use AWS DMS with TiDB Cloud"},
    {.name = "tidb-dedicated-peering",
     .title = "TiDB Cloud Dedicated, VPC peering",
     .host_pattern =
         R"(private-tidb\.([a-z0-9]+\.clusters(\.staging)?\.tidb-cloud\.com|[a-z0-9.-]+\.[a-z0-9-]+\.prod\.aws\.tidbcloud\.com))",
     .product = Product::tidb_dedicated,
     .access = Access::peering,
     .address = Expected::private_address,
     .port = 4000,
     .roots = Roots::console,
     .behind_load_balancer = true,
     .flavors = kTidb,
     .normal = kNormalAtPeering,
     .vantages = kFromPeer,
     .source = "TiDB Cloud: VPC peering connections; use AWS DMS with TiDB Cloud"},
    {.name = "tidb-dedicated-private",
     .title = "TiDB Cloud Dedicated, private endpoint (AWS, Azure, Google Cloud)",
     .host_pattern = R"(privatelink-\d+\.[a-z0-9]+\.clusters(\.staging)?\.tidb-cloud\.com)",
     .product = Product::tidb_dedicated,
     .access = Access::private_endpoint,
     .address = Expected::private_address,
     .port = 4000,
     .roots = Roots::console,
     .behind_load_balancer = true,
     .only_private_dns = true,
     .flavors = kTidb,
     .normal = kNormalAtDedicated,
     .vantages = kFromConsumer,
     .source = "TiDB Cloud: connect to a Dedicated cluster via AWS PrivateLink (and Azure Private "
               "Link, Google Private Service Connect)"},
    {.name = "tidb-premium",
     .title = "TiDB Cloud Premium",
     .host_pattern = "",
     .product = Product::tidb_premium,
     .port = 4000,
     .roots = Roots::console,
     .behind_load_balancer = true,
     .flavors = kTidb,
     .source = "TiDB Cloud: TLS connections to Premium"},
}};

}  // namespace plumb::profile_rows

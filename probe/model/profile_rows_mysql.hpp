// The deployments of MySQL and MariaDB: plain, managed, and those that another service pulls from
// over an endpoint (failure catalogue §4, §1.3, §1.4). A part of the table of profiles; included by
// profile.cpp alone.
#pragma once

#include <array>
#include <string_view>

#include "probe/model/profile.hpp"
#include "probe/model/profile_rows_shared.hpp"

namespace plumb::profile_rows {

// Catalogue §3.3. Aurora and RDS greet as plain MySQL does.
inline constexpr std::string_view kAurora = "aurora mysql rds";
inline constexpr std::string_view kRds = "rds mysql mariadb aurora";
inline constexpr std::string_view kApsara = "mysql mariadb rds";

inline constexpr std::array<std::string_view, 2> kNormalAtEndpointService{kRangesMayOverlap,
                                                                          kNoPing};
inline constexpr std::array<std::string_view, 5> kNormalInHeatwaveRecipe{
    "The target group's health check asks another port than 3306 on purpose: its target stays "
    "unhealthy for ever, and the balancer forwards all the same (it fails open).",
    "The load balancer's security group admits nobody: traffic of PrivateLink passes beside it. "
    "From "
    "the balancer's own VPC its address is silent by design.",
    "Neither the writer nor the endpoint answers ping.",
    "The console of HeatWave shows the egress endpoint as Active before the AWS side has accepted "
    "it.",
    "The address ranges of both VPCs may overlap."};
inline constexpr std::array<std::string_view, 2> kNormalForEssential{
    "The address that RDS sees is the load balancer's, not the client's: that is what its IP white "
    "list must hold.",
    kNoPing};

inline constexpr std::array<Vantage, 2> kFromHeatwave{
    {{"a host in a VPC of your own with an endpoint of your own to the same endpoint service "
      "(allow "
      "your account as a principal, accept the connection)",
      "the path that HeatWave takes: endpoint, acceptance, load balancer, writer. HeatWave's own "
      "endpoint cannot be measured from outside it"},
     {"a host beside the source, in its VPC",
      "the writer alone, by its own name (profile aurora-direct). The load balancer is silent from "
      "there by design"}}};
inline constexpr std::array<Vantage, 2> kFromEssential{
    {{"a host in the VPC of the RDS instance, at the address of the load balancer",
      "balancer, listener, server group, RDS white list; not the endpoint of TiDB Cloud"},
     {"a host in another VPC with an endpoint of your own to the same endpoint service (put your "
      "account on its white list)",
      "the path that Essential takes. Its own endpoint cannot be measured from outside it"}}};
inline constexpr std::array<Vantage, 2> kFromBeside{
    {{"the application's host", "the application's own path"}, kFromDmsSubnet}};
inline constexpr std::array<Vantage, 2> kFromHeatwaveClient{
    {{"the application's host, in the VPC that holds the query endpoint",
      "the application's own path"},
     {"any other VPC", "nothing: the name has no private address there"}}};

inline constexpr std::array<Profile, 9> kMysqlAndManaged{{
    {.name = "mysql",
     .title = "Any MySQL-protocol server: nothing is known of it",
     .host_pattern = ""},
    {.name = "mariadb",
     .title = "MariaDB of one's own",
     .host_pattern = "",
     .product = Product::mariadb,
     .port = 3306,
     .flavors = "mariadb"},
    {.name = "aws-vpce",
     .title = "An interface endpoint at AWS, by the endpoint's own name",
     .host_pattern =
         R"(vpce-[0-9a-f]+-[a-z0-9]+(-[a-z]{2}(-[a-z]+)+-\d[a-z])?\.vpce-svc-[0-9a-f]+\.[a-z0-9-]+\.vpce\.amazonaws\.com)",
     .access = Access::private_endpoint,
     .cloud = Cloud::aws,
     .address = Expected::private_address,
     .behind_load_balancer = true,
     .certificate_name = "the database's, not the endpoint's: give it with --server-name",
     .normal = kNormalAtEndpointService,
     .source = "AWS: access a service through an interface endpoint"},
    {.name = "heatwave-egress-aurora",
     .title = "Aurora MySQL that HeatWave on AWS replicates from over egress PrivateLink",
     .host_pattern = "",
     .product = Product::aurora,
     .access = Access::private_endpoint,
     .cloud = Cloud::aws,
     .address = Expected::private_address,
     .port = 3306,
     .tls = TlsMode::required,
     .roots = Roots::amazon_rds,
     .behind_load_balancer = true,
     .flavors = kAurora,
     .certificate_name = "the Aurora cluster's endpoint name, never HeatWave's Default hostname: "
                         "the channel's SSL mode is Required",
     .normal = kNormalInHeatwaveRecipe,
     .vantages = kFromHeatwave,
     .measured = "This is the path from this host. HeatWave goes through an endpoint of its own, "
                 "which nobody can measure from outside it.",
     .source = "HeatWave on AWS: egress PrivateLink, replication from Aurora MySQL"},
    {.name = "heatwave-private",
     .title = "HeatWave on AWS, queried over PrivateLink",
     .host_pattern = "",
     .product = Product::heatwave,
     .access = Access::private_endpoint,
     .cloud = Cloud::aws,
     .address = Expected::private_address,
     .port = 3306,
     .tls = TlsMode::required,
     .roots = Roots::heatwave,
     .behind_load_balancer = true,
     .flavors = "heatwave mysql",
     .certificate_name = "the DB System's host name",
     .normal = kNormalAtEndpointService,
     .vantages = kFromHeatwaveClient,
     .source = "HeatWave on AWS: query PrivateLink, host name identity verification"},
    {.name = "aurora-direct",
     .title = "Aurora MySQL by its own name",
     .host_pattern =
         R"([a-z0-9-]+\.cluster-(ro-|custom-)?[a-z0-9]+\.[a-z]{2}(-[a-z]+)+-\d\.rds\.amazonaws\.com)",
     .product = Product::aurora,
     .access = Access::direct,
     .cloud = Cloud::aws,
     .port = 3306,
     .roots = Roots::amazon_rds,
     .flavors = kAurora,
     .vantages = kFromBeside,
     .source = "Amazon Aurora: connecting to a DB cluster; TLS with Aurora MySQL"},
    {.name = "rds-direct",
     .title = "Amazon RDS for MySQL or MariaDB by its own name",
     .host_pattern = R"([a-z0-9-]+\.[a-z0-9]+\.[a-z]{2}(-[a-z]+)+-\d\.rds\.amazonaws\.com)",
     .product = Product::rds,
     .access = Access::direct,
     .cloud = Cloud::aws,
     .port = 3306,
     .roots = Roots::amazon_rds,
     .flavors = kRds,
     .vantages = kFromBeside,
     .source = "Amazon RDS: using SSL/TLS to encrypt a connection to a DB instance"},
    {.name = "alibaba-rds",
     .title = "ApsaraDB RDS for MySQL by its own name",
     .host_pattern = R"(rm-[a-z0-9]+\.mysql(\.[a-z0-9-]+)?\.rds\.aliyuncs\.com)",
     .product = Product::apsaradb,
     .access = Access::direct,
     .cloud = Cloud::alibaba,
     .address = Expected::private_address,
     .port = 3306,
     .roots = Roots::apsaradb,
     .flavors = kApsara,
     .vantages = kFromBeside,
     .source = "ApsaraDB RDS: IP white lists, SSL encryption"},
    {.name = "essential-plc-to-rds",
     .title = "ApsaraDB RDS that TiDB Cloud Essential pulls from over Alibaba PrivateLink",
     .host_pattern = "",
     .product = Product::apsaradb,
     .access = Access::private_endpoint,
     .cloud = Cloud::alibaba,
     .address = Expected::private_address,
     .port = 3306,
     .roots = Roots::apsaradb,
     .behind_load_balancer = true,
     .flavors = kApsara,
     .certificate_name = "the RDS instance's, not the balancer's",
     .normal = kNormalForEssential,
     .vantages = kFromEssential,
     .measured =
         "This is the path from this host. TiDB Cloud Essential goes through an endpoint of "
         "its own, which nobody can measure from outside it.",
     .source = "TiDB Cloud: connect to ApsaraDB RDS for MySQL via a private link connection"},
}};

}  // namespace plumb::profile_rows

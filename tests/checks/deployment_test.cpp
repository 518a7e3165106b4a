#include "checks/deployment.hpp"

#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;

Address address(std::string_view text) { return Address::parse(text).value(); }

TEST(Deployment, ARegionIsAWholeLabel) {
  EXPECT_EQ(region_in("gateway01.us-east-1.prod.aws.tidbcloud.com"), "us-east-1");
  EXPECT_EQ(region_in("ep-a.epsrv-b.cn-hangzhou.privatelink.aliyuncs.com"), "cn-hangzhou");
  EXPECT_EQ(region_in("vpce-0a-b-us-east-1a.vpce-svc-0c.eu-central-1.vpce.amazonaws.com"),
            "eu-central-1");
  EXPECT_EQ(region_in("db-us.example.com"), std::nullopt);
  EXPECT_EQ(region_in("rm-east.mysql.rds.aliyuncs.com"), std::nullopt);
  EXPECT_EQ(region_in(""), std::nullopt);
}

TEST(Deployment, NetworksHoldTheirAddresses) {
  EXPECT_TRUE(is_in_network(address("10.1.2.3"), "10.1.0.0/16"));
  EXPECT_FALSE(is_in_network(address("10.2.0.0"), "10.1.0.0/16"));
  EXPECT_TRUE(is_in_network(address("10.255.0.1"), "10.128.0.0/9"));
  EXPECT_TRUE(is_in_network(address("1.2.3.4"), "0.0.0.0/0"));
  EXPECT_TRUE(is_in_network(address("fd00::1"), "fd00::/8"));
  EXPECT_FALSE(is_in_network(address("fd00::1"), "10.0.0.0/8"));
  for (const char* broken : {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "x/8", ""})
    EXPECT_FALSE(is_in_network(address("10.0.0.1"), broken)) << broken;
}

TEST(Deployment, OutsideTheOwnVpcNeedsItsRanges) {
  CaseBuilder builder("db");
  EXPECT_FALSE(is_outside_own_vpc(builder.build(), address("10.9.0.1")));
  builder.here("aws", "us-east-1", {"10.1.0.0/16", "10.2.0.0/16"});
  EXPECT_TRUE(is_outside_own_vpc(builder.build(), address("10.9.0.1")));
  EXPECT_FALSE(is_outside_own_vpc(builder.build(), address("10.2.0.1")));
  EXPECT_FALSE(is_outside_own_vpc(builder.build(), address("fd00::1"))) << "no range of its family";
}

TEST(Deployment, AGlobalIPv6AddressIsPublicOnlyOutsideKnownRanges) {
  CaseBuilder builder("db");
  const auto inside = address("2600:1f18:1::10"), outside = address("2606:4700::77");
  EXPECT_FALSE(is_public_here(builder.build(), outside));
  EXPECT_FALSE(is_private_here(builder.build(), inside));
  builder.here("aws", "us-east-1", {"10.1.0.0/16", "2600:1f18:1::/48"});
  EXPECT_TRUE(is_public_here(builder.build(), outside));
  EXPECT_FALSE(is_public_here(builder.build(), inside));
  EXPECT_TRUE(is_private_here(builder.build(), inside));
  EXPECT_TRUE(is_public_here(builder.build(), address("52.1.2.3")));
  EXPECT_TRUE(is_private_here(builder.build(), address("10.9.0.1")));
}

TEST(Deployment, WhichNamesOnlyPrivateDnsKnows) {
  EXPECT_TRUE(is_private_dns_name(
      CaseBuilder("gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com").build()));
  EXPECT_FALSE(
      is_private_dns_name(CaseBuilder("gateway01.us-east-1.prod.aws.tidbcloud.com").build()));
  EXPECT_TRUE(is_endpoint_name("vpce-0-a.vpce-svc-0.us-east-1.vpce.amazonaws.com"));
  EXPECT_FALSE(is_endpoint_name("db.us-east-1.rds.amazonaws.com"));
  EXPECT_TRUE(is_under_provider_domain("x.tidbcloud.com"));
  EXPECT_FALSE(is_under_provider_domain("eviltidbcloud.com"));
}

}  // namespace
}  // namespace plumb

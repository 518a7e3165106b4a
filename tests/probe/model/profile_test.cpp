#include "probe/model/profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

namespace plumb {
namespace {

struct Sample {
  std::string host, profile;
};
const Sample kSamples[] = {
    {"gateway01.us-east-1.prod.aws.tidbcloud.com", "tidb-starter-public-aws"},
    {"gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com", "tidb-starter-private-aws"},
    {"gateway01.ap-southeast-1.prod.alicloud.tidbcloud.com", "tidb-starter-public-alicloud"},
    {"ep-t4n1234567890.epsrv-t4nabc.ap-southeast-1.privatelink.aliyuncs.com",
     "tidb-private-alicloud"},
    {"tidb.abc123.clusters.tidb-cloud.com", "tidb-dedicated-public"},
    {"tidb.abc123.clusters.staging.tidb-cloud.com", "tidb-dedicated-public"},
    {"private-tidb.abc123.clusters.tidb-cloud.com", "tidb-dedicated-peering"},
    {"private-tidb.abc.def.us-west-2.prod.aws.tidbcloud.com", "tidb-dedicated-peering"},
    {"privatelink-19.abc123.clusters.tidb-cloud.com", "tidb-dedicated-private"},
    {"vpce-0a1b2c3d-xyz12345.vpce-svc-0f0f0f.us-east-1.vpce.amazonaws.com", "aws-vpce"},
    {"vpce-0a1b2c3d-xyz12345-us-east-1a.vpce-svc-0f0f0f.us-east-1.vpce.amazonaws.com", "aws-vpce"},
    {"shop.cluster-abc123.us-east-1.rds.amazonaws.com", "aurora-direct"},
    {"shop.cluster-ro-abc123.ap-northeast-1.rds.amazonaws.com", "aurora-direct"},
    {"shop.abc123.us-gov-west-1.rds.amazonaws.com", "rds-direct"},
    {"rm-abc123.mysql.rds.aliyuncs.com", "alibaba-rds"},
    {"rm-abc123.mysql.singapore.rds.aliyuncs.com", "alibaba-rds"},
    {"db.example.com", "mysql"},
    {"10.0.0.1", "mysql"},
    {"", "mysql"},
};

TEST(Profile, EverySampleHostFindsItsProfile) {
  for (const auto& [host, profile] : kSamples)
    EXPECT_EQ(profile_for_host(host).name, profile) << host;
}

TEST(Profile, NoHostMatchesTwoPatterns) {
  for (const auto& [host, profile] : kSamples) {
    const auto matches = std::ranges::count_if(profiles(), [&](const Profile& row) {
      return !row.host_pattern.empty() &&
             std::regex_match(host, std::regex(std::string(row.host_pattern)));
    });
    EXPECT_EQ(matches, profile == "mysql" ? 0 : 1) << host;
  }
}

TEST(Profile, PatternsAreAnchored) {
  EXPECT_EQ(profile_for_host("evil-gateway01.us-east-1.prod.aws.tidbcloud.com.example.com").name,
            "mysql");
  EXPECT_EQ(profile_for_host(std::string(100000, 'a') + ".rds.amazonaws.com").name, "mysql");
}

TEST(Profile, TableHoldsTheNamesOfTheContract) {
  const std::set<std::string_view> contract{"mysql",
                                            "mariadb",
                                            "tidb-starter-public-aws",
                                            "tidb-starter-private-aws",
                                            "tidb-starter-public-alicloud",
                                            "tidb-private-alicloud",
                                            "tidb-dedicated-public",
                                            "tidb-dedicated-peering",
                                            "tidb-dedicated-private",
                                            "tidb-premium",
                                            "aws-vpce",
                                            "heatwave-egress-aurora",
                                            "heatwave-private",
                                            "aurora-direct",
                                            "rds-direct",
                                            "alibaba-rds",
                                            "essential-plc-to-rds"};
  std::set<std::string_view> table;
  for (const Profile& profile : profiles()) table.insert(profile.name);
  EXPECT_EQ(table, contract);
}

TEST(Profile, FindsByNameAndByOldName) {
  EXPECT_EQ(find_profile("nonsense"), nullptr);
  ASSERT_NE(find_profile("tidb-serverless-public-aws"), nullptr);
  EXPECT_EQ(find_profile("tidb-serverless-public-aws")->name, "tidb-starter-public-aws");
}

TEST(Profile, SaysWhatItsDeploymentExpects) {
  const Profile* starter = find_profile("tidb-starter-public-aws");
  ASSERT_NE(starter, nullptr);
  EXPECT_EQ(starter->address, Expected::public_address);
  EXPECT_EQ(starter->port, 4000);
  EXPECT_EQ(starter->tls, TlsMode::verify_full);
  const Profile* unknown = find_profile("mysql");
  ASSERT_NE(unknown, nullptr);
  EXPECT_FALSE(unknown->port.has_value());
  EXPECT_FALSE(unknown->behind_load_balancer);
  EXPECT_TRUE(find_profile("aws-vpce")->behind_load_balancer);
  EXPECT_EQ(find_profile("tidb-dedicated-private")->address, Expected::private_address);
}

TEST(Profile, SaysWhatMayGreetThere) {
  EXPECT_TRUE(find_profile("mysql")->flavors.empty());
  EXPECT_TRUE(find_profile("aws-vpce")->flavors.empty());
  EXPECT_TRUE(find_profile("tidb-premium")->flavors.starts_with("tidb "));
  EXPECT_EQ(find_profile("mariadb")->flavors, "mariadb");
}

}  // namespace
}  // namespace plumb

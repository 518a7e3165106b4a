#include "probe/engine/vpce_name.hpp"

#include <gtest/gtest.h>

namespace plumb::engine {
namespace {

constexpr char kRegional[] = "vpce-0a1b2c-xyz9.vpce-svc-0d4e.eu-west-1.vpce.amazonaws.com";
constexpr char kZonal[] = "vpce-0a1b2c-xyz9-eu-west-1b.vpce-svc-0d4e.eu-west-1.vpce.amazonaws.com";

TEST(VpceName, ARegionalNameHasZonalOnes) {
  const auto name = parse_vpce_name(kRegional);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->regional, kRegional);
  EXPECT_EQ(name->region, "eu-west-1");
  EXPECT_EQ(name->zone, "");
  ASSERT_EQ(name->zonal().size(), 6U);
  EXPECT_EQ(name->zonal()[1], kZonal);
}

TEST(VpceName, AZonalNameLeadsBackToItsRegionalOne) {
  const auto name = parse_vpce_name(std::string(kZonal) + ".");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->regional, kRegional);
  EXPECT_EQ(name->zone, "eu-west-1b");
}

TEST(VpceName, OthersAreNone) {
  EXPECT_FALSE(parse_vpce_name("db.example.com"));
  EXPECT_FALSE(parse_vpce_name("vpce-0a1b2c.vpce-svc-0d4e.eu-west-1.vpce.amazonaws.com"));
  EXPECT_FALSE(parse_vpce_name("x." + std::string(kRegional)));
  EXPECT_FALSE(parse_vpce_name(std::string(300, 'a')));
}

}  // namespace
}  // namespace plumb::engine

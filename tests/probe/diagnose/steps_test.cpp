#include "probe/diagnose/steps.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace plumb {
namespace {

constexpr std::array<RemedyTemplate, 3> kRemedy{{{"common", ""},
                                                 {"starter", "", "tidb-starter tidb-private-ali"},
                                                 {"dedicated", "", "tidb-dedicated"}}};

std::string steps(std::string_view profile) {
  std::string texts;
  for (const RemedyTemplate* step : steps_for(*find_profile(profile), Cloud::unknown, kRemedy))
    texts += (texts.empty() ? "" : " ") + std::string(step->text);
  return texts;
}

TEST(Steps, AKnownDeploymentGetsItsOwnAndWhatIsForAll) {
  EXPECT_EQ(steps("tidb-starter-public-aws"), "common starter");
  EXPECT_EQ(steps("tidb-private-alicloud"), "common starter");
  EXPECT_EQ(steps("tidb-dedicated-peering"), "common dedicated");
}

TEST(Steps, AStepOfOneCloudIsForNoOther) {
  constexpr std::array<RemedyTemplate, 3> kPerCloud{
      {{"any", ""}, {"aws", "", {}, Cloud::aws}, {"azure", "", {}, Cloud::azure}}};
  const auto in = [&](Cloud cloud) {
    std::string texts;
    for (const RemedyTemplate* step : steps_for(*find_profile("mysql"), cloud, kPerCloud))
      texts += std::string(step->text) + " ";
    return texts;
  };
  EXPECT_EQ(in(Cloud::aws), "any aws ");
  EXPECT_EQ(in(Cloud::azure), "any azure ");
  EXPECT_EQ(in(Cloud::gcp), "any ");
  EXPECT_EQ(in(Cloud::unknown), "any aws ");
}

TEST(Steps, AStepForSomeKindsIsForThoseThatTheVerdictFound) {
  constexpr std::array<RemedyTemplate, 3> kPerKind{
      {{"any", ""},
       {"own", "", {}, Cloud::unknown, "mysql heatwave"},
       {"rds", "", {}, Cloud::unknown, "rds"}}};
  const auto of = [&](std::string_view kind) {
    std::string texts;
    for (const RemedyTemplate* step :
         steps_for(*find_profile("mysql"), Cloud::unknown, kPerKind, kind))
      texts += std::string(step->text) + " ";
    return texts;
  };
  EXPECT_EQ(of("heatwave"), "any own ");
  EXPECT_EQ(of("rds"), "any rds ");
  EXPECT_EQ(of("wave"), "any ");
  EXPECT_EQ(of(""), "any own rds ");
}

TEST(Steps, WhereNothingIsKnownTheReaderChooses) {
  EXPECT_EQ(steps("mysql"), "common starter dedicated");
  EXPECT_EQ(steps("aws-vpce"), "common starter dedicated");
}

}  // namespace
}  // namespace plumb

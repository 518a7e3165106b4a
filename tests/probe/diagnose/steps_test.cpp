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
  for (const RemedyTemplate* step : steps_for(*find_profile(profile), kRemedy))
    texts += (texts.empty() ? "" : " ") + std::string(step->text);
  return texts;
}

TEST(Steps, AKnownDeploymentGetsItsOwnAndWhatIsForAll) {
  EXPECT_EQ(steps("tidb-starter-public-aws"), "common starter");
  EXPECT_EQ(steps("tidb-private-alicloud"), "common starter");
  EXPECT_EQ(steps("tidb-dedicated-peering"), "common dedicated");
}

TEST(Steps, WhereNothingIsKnownTheReaderChooses) {
  EXPECT_EQ(steps("mysql"), "common starter dedicated");
  EXPECT_EQ(steps("aws-vpce"), "common starter dedicated");
}

}  // namespace
}  // namespace plumb

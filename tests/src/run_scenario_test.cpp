#include "src/run_scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

using testing::HasSubstr;

constexpr std::string_view kRefused = R"(
story: nothing listens
target: 10.0.1.10:3306
servers: {10.0.1.10:3306: refused}
)";

std::string with_expectation(const char* expect) {
  return std::string(kRefused) + "expect: " + expect + "\n";
}

TEST(RunScenario, GoesThroughTheWholeEngine) {
  const std::string yaml = with_expectation("{outcome: failed, cause: tcp-refused-no-listener}");
  EXPECT_EQ(failing({"refused", yaml}, WallTime{}), "");
}

TEST(RunScenario, AWrongExpectationFails) {
  const std::string yaml = with_expectation("{outcome: ok}");
  EXPECT_THAT(failing({"refused", yaml}, WallTime{}), HasSubstr("outcome is failed"));
}

TEST(RunScenario, ABrokenFileFails) {
  EXPECT_THAT(failing({"broken", "{story: s}"}, WallTime{}), HasSubstr("broken.yaml"));
}

}  // namespace
}  // namespace plumb

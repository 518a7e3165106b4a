#include "src/selftest_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "src/recording.hpp"
#include "src/scenario.hpp"
#include "tests/support/captured.hpp"

namespace plumb {
namespace {

using testing::HasSubstr;

TEST(SelftestCommand, PrintsALineForEachStoryAndRecordingAndASummary) {
  const auto run = support::captured(selftest_command);
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_EQ(run.err, "");
  const auto lines = std::count(run.out.begin(), run.out.end(), '\n');
  EXPECT_EQ(static_cast<std::size_t>(lines),
            shipped_scenarios().size() + shipped_recordings().size() + 1);
  EXPECT_THAT(run.out, HasSubstr("ok      dns-nxdomain\n"));
  EXPECT_THAT(run.out, HasSubstr("ok      recording access-denied\n"));
  EXPECT_THAT(run.out, HasSubstr(" recordings, all as expected\n"));
}

}  // namespace
}  // namespace plumb

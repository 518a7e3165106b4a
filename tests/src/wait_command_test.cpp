#include "src/wait_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/captured.hpp"

namespace plumb {
namespace {

using namespace std::chrono_literals;
using support::captured;
using testing::HasSubstr;

WaitOptions for_closed_port() {
  WaitOptions options;
  options.check.targets = {"127.0.0.85:1"};
  options.check.report.format = "jsonl";
  options.interval = 50ms;
  return options;
}

TEST(WaitCommand, ReachedIsExitZero) {
  WaitOptions options = for_closed_port();
  options.until = Outcome::failed;
  const auto run = captured([&] { return wait_command(options); });
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.out, HasSubstr("tcp-refused-no-listener"));
  EXPECT_THAT(run.err, HasSubstr("127.0.0.85:1 failed tcp-refused-no-listener"));
}

TEST(WaitCommand, DeadlinePassedIsExitOneWithOneLinePerChange) {
  WaitOptions options = for_closed_port();
  options.deadline = 700ms;
  const auto run = captured([&] { return wait_command(options); });
  EXPECT_EQ(run.code, 1);
  EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
}

TEST(WaitCommand, WrongUsageIsExitTwo) {
  WaitOptions options = for_closed_port();
  options.check.settings.ca = "/nonexistent.pem";
  EXPECT_EQ(captured([&] { return wait_command(options); }).code, 2);
}

}  // namespace
}  // namespace plumb

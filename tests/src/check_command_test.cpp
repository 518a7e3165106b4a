#include "src/check_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/captured.hpp"
#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using support::captured;
using testing::HasSubstr;

// Port 1 of a loopback address of our own: nobody listens there.
CheckOptions of_closed_port() {
  CheckOptions options;
  options.targets = {"127.0.0.83:1"};
  options.report.format = "jsonl";
  return options;
}

TEST(CheckCommand, AFailedTargetIsExitOneAndItsReportIsOnStdout) {
  const CheckOptions options = of_closed_port();
  const auto run = captured([&] { return check_command(options); });
  EXPECT_EQ(run.code, 1);
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("tcp-refused-no-listener"));
}

TEST(CheckCommand, WhatIsWrongBeforeTheFirstPacketIsExitTwo) {
  CheckOptions options = of_closed_port();
  options.settings.ca = "/nonexistent.pem";
  const auto run = captured([&] { return check_command(options); });
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("/nonexistent.pem"));
}

TEST(CheckCommand, SavesOneLineATarget) {
  const support::TemporaryDirectory files;
  CheckOptions options = of_closed_port();
  options.targets.push_back("127.0.0.84:1");
  options.save_file = files.path("evidence");
  captured([&] { return check_command(options); });
  const std::string saved = support::content(options.save_file);
  EXPECT_EQ(std::count(saved.begin(), saved.end(), '\n'), 2);
  EXPECT_THAT(saved, HasSubstr("127.0.0.84"));
}

TEST(CheckCommand, EvidenceThatCannotBeSavedIsExitThree) {
  CheckOptions options = of_closed_port();
  options.save_file = "/dev/full";
  const auto run = captured([&] { return check_command(options); });
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.out, HasSubstr("tcp-refused-no-listener"));
  EXPECT_THAT(run.err, HasSubstr("No space left on device"));
}

}  // namespace
}  // namespace plumb

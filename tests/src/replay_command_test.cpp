#include "src/replay_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/check_command.hpp"
#include "tests/support/captured.hpp"
#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using support::captured;
using testing::HasSubstr;

TEST(ReplayCommand, JudgesSavedEvidenceTheSameWay) {
  const support::TemporaryDirectory files;
  CheckOptions check;
  check.targets = {"127.0.0.86:1"};
  check.save_file = files.path("evidence");
  check.report.format = "json";
  const auto live = captured([&] { return check_command(check); });
  ReplayOptions replay;
  replay.file = check.save_file;
  replay.report.format = "json";
  const auto again = captured([&] { return replay_command(replay); });
  EXPECT_EQ(again.code, live.code);
  EXPECT_EQ(again.out, live.out);
}

TEST(ReplayCommand, WhatIsNoEvidenceIsWrongUsage) {
  const support::TemporaryDirectory files;
  ReplayOptions replay;
  for (const std::string& path :
       {files.write("empty", ""), files.write("text", "hello\n"), files.path("none")}) {
    replay.file = path;
    const auto run = captured([&] { return replay_command(replay); });
    EXPECT_EQ(run.code, 2) << path;
    EXPECT_EQ(run.out, "");
    EXPECT_THAT(run.err, HasSubstr(path));
  }
}

}  // namespace
}  // namespace plumb

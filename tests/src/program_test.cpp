#include "src/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured.hpp"

namespace plumb {
namespace {

using support::captured;
using testing::HasSubstr;

TEST(Program, AnswersOnTheRightStream) {
  const auto version = captured([] { return run_program({"--version"}); });
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out, "plumb " PLUMB_VERSION "\n");
  const auto wrong = captured([] { return run_program({"chekc"}); });
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.out, "");
  EXPECT_THAT(wrong.err, HasSubstr("plumb: "));
}

TEST(Program, RunsTheCommandThatWasNamed) {
  const auto causes = captured([] { return run_program({"causes", "dns-nxdomain"}); });
  EXPECT_EQ(causes.code, 0);
  EXPECT_THAT(causes.out, HasSubstr("dns-nxdomain"));
  EXPECT_EQ(captured([] { return run_program({"check", "127.0.0.87:1"}); }).code, 1);
}

}  // namespace
}  // namespace plumb

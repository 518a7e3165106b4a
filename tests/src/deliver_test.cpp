#include "src/deliver.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/captured.hpp"

namespace plumb {
namespace {

TEST(UntilSignal, TakesOffWhatGotOut) {
  std::string text = "two words";
  testing::internal::CaptureStdout();
  EXPECT_EQ(write_stdout_until_signal(text), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "two words");
  EXPECT_EQ(text, "");
}

TEST(WriteStdout, GivesEveryByte) {
  testing::internal::CaptureStdout();
  const std::string error = write_stdout(std::string(200'000, 'x'));
  EXPECT_EQ(testing::internal::GetCapturedStdout().size(), 200'000u);
  EXPECT_EQ(error, "");
}

TEST(Complain, IsOneLineOnStderr) {
  testing::internal::CaptureStderr();
  complain("what is wrong");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "plumb: what is wrong\n");
}

TEST(Colour, NotWhereStdoutIsNoTerminal) {
  testing::internal::CaptureStdout();
  EXPECT_FALSE(stdout_takes_colour());
  testing::internal::GetCapturedStdout();
}

TEST(Answer, IsOnStdoutWithTheCodeItWasGiven) {
  const auto run = support::captured([] { return answer("two lines\n", kExitFailed); });
  EXPECT_EQ(run.code, kExitFailed);
  EXPECT_EQ(run.out, "two lines\n");
  EXPECT_EQ(run.err, "");
}

}  // namespace
}  // namespace plumb

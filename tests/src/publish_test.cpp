#include "src/publish.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/captured.hpp"
#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using support::captured;
using testing::HasSubstr;

Report with(Outcome outcome) {
  Report report;
  report.about.profile = find_profile("mysql");
  report.about.target = *parse_target("db.example.com:3306").target;
  report.about.evidence.add({});
  report.diagnosis.outcome = outcome;
  return report;
}

int published(const char* format, std::vector<Outcome> outcomes) {
  ReportOptions options;
  options.format = format;
  Publisher publisher(options);
  for (const Outcome outcome : outcomes) publisher.add(with(outcome));
  publisher.finish();
  return publisher.exit_code();
}

TEST(Publisher, ExitCodeIsTheWorstOfFailedThenUnknown) {
  const auto code = [](std::vector<Outcome> outcomes) {
    return captured([&] { return published("jsonl", outcomes); }).code;
  };
  EXPECT_EQ(code({Outcome::ok, Outcome::degraded}), 0);
  EXPECT_EQ(code({Outcome::ok, Outcome::unknown}), 3);
  EXPECT_EQ(code({Outcome::unknown, Outcome::failed}), 1);
}

TEST(Publisher, EveryFormatGivesSomethingForATarget) {
  for (const char* format : {"text", "json", "jsonl", "html", "nagios", "prometheus"}) {
    const auto run = captured([&] { return published(format, {Outcome::ok}); });
    EXPECT_EQ(run.code, 0) << format;
    EXPECT_THAT(run.out, HasSubstr("db.example.com")) << format;
    EXPECT_EQ(run.err, "");
  }
}

TEST(Publisher, AFullDiskIsExitThreeWithAMessage) {
  const int kept = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
  dup2(full, STDOUT_FILENO);
  testing::internal::CaptureStderr();
  const int code = published("text", {Outcome::ok});
  const std::string message = testing::internal::GetCapturedStderr();
  dup2(kept, STDOUT_FILENO);
  close(kept);
  close(full);
  EXPECT_EQ(code, 3);
  EXPECT_THAT(message, HasSubstr("No space left on device"));
}

TEST(SaveEvidence, NoPathIsNothingToDo) {
  EXPECT_TRUE(save_evidence("", "x"));
  const support::TemporaryDirectory files;
  EXPECT_TRUE(save_evidence(files.path("e"), "x"));
  EXPECT_EQ(support::content(files.path("e")), "x");
  const auto run = captured([] { return save_evidence("/nonexistent/e", "x") ? 1 : 0; });
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.err, HasSubstr("/nonexistent/e"));
}

}  // namespace
}  // namespace plumb

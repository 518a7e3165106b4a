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

Report unresolved(const char* target) {
  Report report = with(Outcome::failed);
  report.about.target = *parse_target(target).target;
  report.about.evidence = {};
  Observation silence;
  silence.phase = Phase::resolve;
  silence.resolver = "10.0.7.2:53";
  silence.failure = Failure::timed_out;
  report.about.evidence.add(silence);
  report.diagnosis.findings.emplace_back();
  report.diagnosis.findings[0].id = "dns-resolver-timeout";
  report.diagnosis.findings[0].layer = Layer::dns;
  report.diagnosis.findings[0].evidence = {1};
  return report;
}

TEST(Publisher, WhatTargetsShareIsAboveThem) {
  const auto run = captured([] {
    ReportOptions options;
    options.format = "text";
    Publisher publisher(options);
    for (const char* target : {"a.example:1", "b.example:1"}) publisher.add(unresolved(target));
    publisher.finish();
    return 0;
  });
  EXPECT_TRUE(run.out.starts_with("IN COMMON\n")) << run.out;
  EXPECT_THAT(run.out, HasSubstr("\nb.example:1   FAILED"));
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

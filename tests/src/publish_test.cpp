#include "src/publish.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

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

// What is on stdout after each of these reports, without a tick between them.
std::vector<std::size_t> seen_after_each(const char* format, std::size_t listed, int reports) {
  std::vector<std::size_t> sizes;
  const support::TemporaryDirectory files;
  const int kept = dup(STDOUT_FILENO);
  const int file = open(files.path("out").c_str(), O_CREAT | O_RDWR, 0600);
  dup2(file, STDOUT_FILENO);
  ReportOptions options;
  options.format = format;
  Publisher publisher(options, listed);
  for (int i = 0; i < reports; ++i) {
    publisher.add(with(Outcome::ok), static_cast<std::size_t>(i));
    sizes.push_back(support::content(files.path("out")).size());
  }
  publisher.tick();
  sizes.push_back(support::content(files.path("out")).size());
  dup2(kept, STDOUT_FILENO);
  close(kept);
  close(file);
  return sizes;
}

TEST(Publisher, AStreamGivesTheFirstAtOnceAndABurstTogether) {
  const auto sizes = seen_after_each("jsonl", 3, 3);
  EXPECT_GT(sizes[0], 0U);
  EXPECT_EQ(sizes[3], 3 * sizes[0]);
}

TEST(Publisher, TextIsHeldBackUnlessThereIsTooMuchOfIt) {
  EXPECT_EQ(seen_after_each("text", Publisher::kMany, 1).back(), 0U);
  EXPECT_GT(seen_after_each("text", Publisher::kMany + 1, 1).back(), 0U);
}

support::Captured ended_early(const char* format, std::size_t listed) {
  return captured([&] {
    ReportOptions options;
    options.format = format;
    Publisher publisher(options, listed);
    publisher.add(with(Outcome::ok), 1);
    publisher.add(with(Outcome::ok), 1);  // its second port
    publisher.end_early();
    publisher.finish();
    return publisher.exit_code();
  });
}

TEST(Publisher, WhatWasLeftOutIsSaidAndNoSuccess) {
  EXPECT_THAT(ended_early("jsonl", 10).out, HasSubstr(R"("interrupted":true,"not_probed":9)"));
  EXPECT_THAT(ended_early("json", 10).out, HasSubstr("\"not_probed\": 9"));
  EXPECT_THAT(ended_early("text", 10).out, HasSubstr("Ended early: 9 more were not probed.\n"));
  EXPECT_THAT(ended_early("html", 10).out, HasSubstr("ended early, 9 more not probed"));
  EXPECT_THAT(ended_early("nagios", 10).out,
              HasSubstr("PLUMB UNKNOWN - 2 of 2 targets ok, 9 more not probed"));
  EXPECT_EQ(ended_early("jsonl", 10).code, 3);
  EXPECT_EQ(ended_early("json", 1).code, 0) << "one target says for itself how it ended";
}

TEST(Publisher, QuietKeepsStdoutForTheFailingAndTellsTheRestAside) {
  const auto run = captured([] {
    ReportOptions options;
    options.quiet = true;
    Publisher publisher(options, 6);
    for (const char* target :
         {"a.example:1", "b.example:1", "c.example:1", "d.example:1", "e.example:1"})
      publisher.add(unresolved(target));
    publisher.add(with(Outcome::ok));
    publisher.finish();
    return publisher.exit_code();
  });
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 5) << run.out;
  EXPECT_THAT(run.err, HasSubstr("BY CAUSE\n\n       5  dns-resolver-timeout (client)\n"
                                 "          a.example:1, b.example:1, c.example:1 and 2 more\n"));
  EXPECT_THAT(run.err, HasSubstr("6 targets: 5 failed, 1 ok, in "));
}

bool saved_to(const std::string& path) {
  EvidenceSaver evidence(path);
  evidence.add(with(Outcome::ok).about);
  return evidence.finish();
}

TEST(EvidenceSaver, NoPathIsNothingToDo) {
  EXPECT_TRUE(saved_to(""));
  const support::TemporaryDirectory files;
  EXPECT_TRUE(saved_to(files.path("e")));
  EXPECT_THAT(support::content(files.path("e")), HasSubstr("plumb.evidence/1"));
  const auto run = captured([] { return saved_to("/nonexistent/e") ? 1 : 0; });
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.err, HasSubstr("/nonexistent/e"));
}

}  // namespace
}  // namespace plumb

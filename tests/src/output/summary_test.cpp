#include "src/output/summary.hpp"

#include <gtest/gtest.h>

#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

Summary of(std::initializer_list<std::string_view> names, Severity fail_on = Severity::error) {
  Summary summary;
  for (const auto name : names) summary.count(sample(name), fail_on);
  return summary;
}

TEST(Summary, CountsOutcomesAndRootCauses) {
  const Summary summary = of({"healthy", "silent-syn", "silent-syn", "dead-zone", "unknown"});
  EXPECT_EQ(summary.targets, 5U);
  EXPECT_EQ(summary.of(Outcome::ok), 1U);
  EXPECT_EQ(summary.of(Outcome::failed), 2U);
  EXPECT_EQ(summary.of(Outcome::degraded), 1U);
  EXPECT_EQ(summary.of(Outcome::unknown), 1U);
  EXPECT_EQ(summary.causes, (std::map<std::string, std::size_t>{{"tcp-endpoint-sg-blocks-port", 2},
                                                                {"tcp-partial-az-failure", 1}}));
}

TEST(Summary, TookReachesFromTheFirstBeginningToTheLastEnd) {
  Report first = sample("healthy"), second = sample("healthy");
  first.about.took = std::chrono::seconds(5);
  second.about.started += std::chrono::seconds(3);
  second.about.took = std::chrono::seconds(1);
  Summary summary;
  summary.count(second, Severity::error);
  summary.count(first, Severity::error);
  EXPECT_EQ(summary.took(), std::chrono::seconds(5));
  EXPECT_EQ(Summary{}.took(), Micros{0});
}

TEST(ExitCode, IsOneForAFailureThenThreeForUnknownThenZero) {
  EXPECT_EQ(exit_code(of({"healthy"})), 0);
  EXPECT_EQ(exit_code(of({"healthy", "dead-zone"})), 0);
  EXPECT_EQ(exit_code(of({"healthy", "public-ip"})), 1);
  EXPECT_EQ(exit_code(Summary{}), 3);
}

TEST(ExitCode, FailOnMakesAWarningAFailure) {
  EXPECT_EQ(exit_code(of({"dead-zone"}, Severity::warning)), 1);
  EXPECT_EQ(exit_code(of({"healthy"}, Severity::info)), 0);
}

// Trouble of the tool is never trouble of the target: the severity of its finding is about the
// tool.
TEST(ExitCode, WhatCouldNotBeMeasuredIsThreeWhateverItsSeverity) {
  EXPECT_EQ(exit_code(of({"unknown", "healthy"})), 3);
  EXPECT_EQ(exit_code(of({"unknown", "silent-syn"})), 1);
}

TEST(NagiosExitCode, FollowsThePluginConvention) {
  EXPECT_EQ(nagios_exit_code(of({"healthy"})), 0);
  EXPECT_EQ(nagios_exit_code(of({"dead-zone", "healthy"})), 1);
  EXPECT_EQ(nagios_exit_code(of({"silent-syn", "unknown"})), 2);
  EXPECT_EQ(nagios_exit_code(of({"unknown", "dead-zone"})), 3);
}

TEST(Quiet, ShowsWhateverMakesTheExitCodeOtherThanZero) {
  EXPECT_FALSE(shown_when_quiet(sample("healthy"), Severity::error));
  EXPECT_FALSE(shown_when_quiet(sample("dead-zone"), Severity::error));
  EXPECT_TRUE(shown_when_quiet(sample("dead-zone"), Severity::warning));
  EXPECT_TRUE(shown_when_quiet(sample("unknown"), Severity::error));
  EXPECT_TRUE(shown_when_quiet(sample("wrong-ca"), Severity::critical));
}

}  // namespace
}  // namespace plumb::output

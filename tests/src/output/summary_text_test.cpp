#include "src/output/summary_text.hpp"

#include <gtest/gtest.h>

#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

Summary of(std::initializer_list<std::string_view> names) {
  Summary summary;
  for (const auto name : names) summary.count(sample(name), Severity::error);
  return summary;
}

TEST(SummaryText, CausesMostFrequentFirstWithWhoMustActAndExamples) {
  const Summary summary = of({"dead-zone", "healthy", "silent-syn", "silent-syn", "silent-syn",
                              "silent-syn", "silent-syn"});
  EXPECT_EQ(causes_text(summary, 80),
            "BY CAUSE\n\n"
            "       5  tcp-endpoint-sg-blocks-port (endpoint-owner)\n"
            "          privatelink-19283.q9xkz.clusters.tidb-cloud.com:4000,\n"
            "          privatelink-19283.q9xkz.clusters.tidb-cloud.com:4000,\n"
            "          privatelink-19283.q9xkz.clusters.tidb-cloud.com:4000 and 2 more\n"
            "       1  tcp-partial-az-failure (service-provider)\n"
            "          " +
                summary.groups.at("tcp-partial-az-failure").examples.at(0) + "\n\n");
  EXPECT_EQ(causes_text(of({"healthy"}), 80), "");
}

TEST(SummaryText, CountsAreTheLastLine) {
  EXPECT_EQ(counts_text(of({"healthy", "silent-syn"})), "2 targets: 1 failed, 1 ok, in 7.00 s\n");
  Summary summary = of({"healthy"});
  summary.not_probed = 41;
  EXPECT_TRUE(counts_text(summary).ends_with("\nEnded early: 41 more were not probed.\n"));
}

TEST(SummaryText, WhatIsSharedIsSaidOrNothingIs) {
  Summary summary;
  for (const Report& report : test::dead_resolver_fleet()) summary.count(report, Severity::error);
  EXPECT_TRUE(
      shared_text(summary, 80)
          .starts_with("IN COMMON\n\n  3 targets with dns-resolver-timeout have the resolver"));
  EXPECT_EQ(shared_text(of({"healthy", "silent-syn"}), 80), "");
}

}  // namespace
}  // namespace plumb::output

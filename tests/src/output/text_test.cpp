#include <gtest/gtest.h>

#include <sstream>

#include "src/output/columns.hpp"
#include "src/output/registry.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

std::string text(const Report& report, const RenderOptions& options = {}) {
  return render(*find_renderer("text"), {&report, 1}, options);
}

std::vector<std::string> lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST(Text, NoLineIsWiderThanAskedExceptACommand) {
  RenderOptions options;
  options.explain = true;
  for (const int width : {60, 80, 120}) {
    options.width = width;
    for (const test::Sample& one : test::sample_reports())
      for (const std::string& line : lines(text(one.report, options)))
        EXPECT_TRUE(display_width(line) <= static_cast<std::size_t>(width) ||
                    line.find_first_of(' ', 5) == std::string::npos ||
                    line.starts_with("    aws ") || line.starts_with("    curl ") ||
                    line.starts_with("    dig "))
            << line;
  }
}

TEST(Text, ACommandStandsAloneUnbrokenAndIndentedByFour) {
  const auto all = lines(text(sample("silent-syn")));
  const std::string command = "    " + sample("silent-syn").diagnosis.findings[0].remedy[0].command;
  const auto at = std::find(all.begin(), all.end(), command);
  ASSERT_NE(at, all.end());
  EXPECT_EQ(*(at - 1), "");
  EXPECT_EQ(*(at + 1), "");
}

TEST(Text, ColourIsOnlyOnTheVerdictWordAndOnlyWhenAsked) {
  RenderOptions colored;
  colored.color = true;
  const std::string plain = text(sample("silent-syn"));
  std::string painted = text(sample("silent-syn"), colored);
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  const auto at = painted.find("\x1b[1;31mFAILED\x1b[0m");
  ASSERT_NE(at, std::string::npos);
  painted.replace(at, std::string("\x1b[1;31mFAILED\x1b[0m").size(), "FAILED");
  EXPECT_EQ(painted, plain);
}

TEST(Text, QuietIsOneLineForWhatFailsAndNothingElse) {
  RenderOptions quiet;
  quiet.quiet = true;
  EXPECT_EQ(text(sample("healthy"), quiet), "");
  EXPECT_EQ(text(sample("dead-zone"), quiet), "");
  EXPECT_EQ(text(sample("silent-syn"), quiet),
            "privatelink-19283.q9xkz.clusters.tidb-cloud.com:4000   FAILED   "
            "tcp-endpoint-sg-blocks-port   " +
                sample("silent-syn").diagnosis.findings[0].summary + "\n");
  quiet.fail_on = Severity::warning;
  EXPECT_EQ(lines(text(sample("dead-zone"), quiet)).size(), 1U);
}

TEST(Text, OfALineOnAScreenTheSentenceGetsWhatIsLeft) {
  RenderOptions quiet;
  quiet.quiet = true;
  Report report = sample("silent-syn");
  report.about.target = *parse_target("db:4000").target;
  quiet.line_width = 80;
  const std::string line = text(report, quiet);
  EXPECT_EQ(display_width(lines(line).at(0)), 80U) << line;
  EXPECT_TRUE(line.ends_with("…\n")) << line;
  quiet.line_width = 60;
  EXPECT_EQ(text(report, quiet), "db:4000   FAILED   tcp-endpoint-sg-blocks-port\n");
}

TEST(Text, OfManyTheOnesThatAreOkAreALineEachAndTheSummaryIsLast) {
  RenderOptions many;
  many.many = true;
  EXPECT_EQ(lines(render(*find_renderer("text"), {}, many)).size(), 0U);
  const Report healthy = sample("healthy");
  EXPECT_EQ(lines(text(healthy, many)).size(), 1U);
  EXPECT_GT(lines(text(sample("silent-syn"), many)).size(), 10U);
  std::vector<Report> fleet = test::dead_resolver_fleet();
  fleet.push_back(healthy);
  const std::string out = render(*find_renderer("text"), fleet, many);
  EXPECT_FALSE(out.starts_with("IN COMMON"));
  EXPECT_LT(out.find("\n\nIN COMMON\n"), out.find("\n\nBY CAUSE\n"));
  EXPECT_TRUE(lines(out).back().starts_with(std::to_string(fleet.size()) + " targets: "));
}

TEST(Text, WhatIsOnlyWorthKnowingIsASentenceUnlessAskedToExplain) {
  Report report = sample("dead-zone");
  Finding note = report.diagnosis.findings.front();
  note.severity = Severity::info;
  note.summary = "It may be worth a look.";
  note.remedy = {{"Look there.", "look --there"}};
  report.diagnosis.findings = {note};
  report.diagnosis.outcome = Outcome::ok;
  RenderOptions options;
  EXPECT_NE(text(report, options).find("It may be worth a look."), std::string::npos);
  EXPECT_EQ(text(report, options).find("look --there"), std::string::npos);
  EXPECT_NE(text(report, options).find("--explain says what to do"), std::string::npos);
  options.explain = true;
  EXPECT_NE(text(report, options).find("look --there"), std::string::npos);
  EXPECT_EQ(text(report, options).find("--explain says what to do"), std::string::npos);
}

TEST(Text, RuledOutIsShownOnlyWhenAskedToExplain) {
  RenderOptions explain;
  explain.explain = true;
  EXPECT_EQ(text(sample("silent-syn")).find("Ruled out"), std::string::npos);
  EXPECT_NE(
      text(sample("silent-syn"), explain).find("- tcp-refused-no-listener: no address refuses"),
      std::string::npos);
}

TEST(Text, NamesWhoMustActAndTheRankedOthers) {
  const std::string out = text(sample("silent-syn"));
  EXPECT_NE(out.find("  Who must act: endpoint-owner\n"), std::string::npos);
  const auto second =
      out.find("  2. cloud-endpoint-pending-acceptance (service-provider, possible)\n");
  const auto third = out.find("  3. tcp-nacl-blocks-forward (network, possible)\n");
  ASSERT_NE(third, std::string::npos);
  EXPECT_LT(second, third);
}

TEST(Text, SeveralTargetsEndWithTheirCount) {
  const std::vector<Report> fleet{sample("healthy"), sample("silent-syn")};
  const auto all = lines(render(*find_renderer("text"), fleet, {}));
  EXPECT_EQ(all.back(), "2 targets: 1 failed, 1 ok, in 7.00 s");
}

TEST(Text, WhatSeveralShareIsSaidOnceOnTop) {
  const std::string out = render(*find_renderer("text"), test::dead_resolver_fleet(), {});
  EXPECT_TRUE(
      out.starts_with("IN COMMON\n\n  3 targets with dns-resolver-timeout have the resolver"))
      << out;
  EXPECT_EQ(out.find("IN COMMON", 1), std::string::npos);
  RenderOptions quiet;
  quiet.quiet = true;
  EXPECT_EQ(lines(render(*find_renderer("text"), test::dead_resolver_fleet(), quiet)).size(), 3U);
  const std::vector<Report> fleet{sample("healthy"), sample("silent-syn")};
  EXPECT_EQ(render(*find_renderer("text"), fleet, {}).find("IN COMMON"), std::string::npos);
}

Report with_rivals(std::size_t count) {
  Report report = sample("silent-syn");
  std::vector<Finding>& findings = report.diagnosis.findings;
  const Finding rival = findings[1];
  findings.resize(1);
  for (std::size_t i = 0; i < count; ++i) {
    findings.push_back(rival);
    findings.back().id = "tcp-rival-" + std::to_string(i + 2);
  }
  return report;
}

TEST(Text, OfManyCandidatesTheFirstFourAreShownAndTheRestCounted) {
  const std::string many = text(with_rivals(17));
  EXPECT_NE(many.find("  5. tcp-rival-5"), std::string::npos);
  EXPECT_EQ(many.find("tcp-rival-6"), std::string::npos);
  EXPECT_NE(many.find("\n  and 13 more possible causes: --explain lists them\n"),
            std::string::npos);
  EXPECT_NE(text(with_rivals(5)).find("  and 1 more possible cause: "), std::string::npos);
  EXPECT_EQ(text(with_rivals(4)).find("more possible"), std::string::npos);
  RenderOptions explain;
  explain.explain = true;
  const std::string all = text(with_rivals(17), explain);
  EXPECT_NE(all.find("  18. tcp-rival-18"), std::string::npos);
  EXPECT_EQ(all.find("more possible"), std::string::npos);
}

// A line break in a text would let a server write a verdict of its own.
TEST(Text, HostileTextCannotBeginALine) {
  for (const std::string& line : lines(text(test::hostile_report())))
    EXPECT_FALSE(line.starts_with("# HELP")) << line;
}

}  // namespace
}  // namespace plumb::output

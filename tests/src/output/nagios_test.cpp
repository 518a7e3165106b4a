#include <gtest/gtest.h>

#include <algorithm>

#include "src/output/registry.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

std::string nagios(const Report& report, Severity fail_on = Severity::error) {
  RenderOptions options;
  options.fail_on = fail_on;
  return render(*find_renderer("nagios"), {&report, 1}, options);
}

TEST(Nagios, TheFirstLineHasStatusTextAndPerfdata) {
  const std::string out = nagios(sample("public-ip"));
  const std::string first = out.substr(0, out.find('\n'));
  EXPECT_EQ(first,
            "PLUMB CRITICAL - privatelink-19283.q9xkz.clusters.tidb-cloud.com:4000 "
            "dns-resolves-to-public-ip: The name "
            "resolves to the public address 203.0.113.24, but this profile is reached over a "
            "private one. | "
            "'time'=10.000000s;;;0;10 'resolve'=0.000412s;;;0 'connect'=7.000000s;;;0");
}

TEST(Nagios, TheWordIsThatOfTheExitCode) {
  EXPECT_TRUE(nagios(sample("healthy")).starts_with("PLUMB OK - "));
  EXPECT_TRUE(nagios(sample("dead-zone")).starts_with("PLUMB WARNING - "));
  EXPECT_TRUE(nagios(sample("dead-zone"), Severity::warning).starts_with("PLUMB CRITICAL - "));
  EXPECT_TRUE(nagios(sample("unknown")).starts_with("PLUMB UNKNOWN - "));
  EXPECT_EQ(find_renderer("nagios")->exit_code, &nagios_exit_code);
}

TEST(Nagios, TextNeverBeginsPerfdata) {
  const std::string out = nagios(test::hostile_report());
  EXPECT_EQ(std::count(out.begin(), out.end(), '|'), 1);
}

TEST(Nagios, SeveralTargetsAreCounted) {
  const std::vector<Report> fleet{sample("healthy"), sample("silent-syn"), sample("unknown")};
  const std::string out = render(*find_renderer("nagios"), fleet, {});
  EXPECT_TRUE(out.starts_with("PLUMB CRITICAL - 1 of 3 targets ok | ")) << out;
  EXPECT_NE(out.find("\nFAILED - "), std::string::npos);
  EXPECT_NE(out.find("\nUNKNOWN - "), std::string::npos);
  EXPECT_EQ(out.find("\nOK - "), std::string::npos);
}

}  // namespace
}  // namespace plumb::output

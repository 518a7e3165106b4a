#include "src/progress.hpp"

#include <gtest/gtest.h>

#include "src/output/columns.hpp"

namespace plumb {
namespace {

using namespace std::chrono_literals;

const Progress::Time kBegun{1000s};

output::Summary with(std::size_t failing,
                     std::initializer_list<std::pair<const char*, int>> causes) {
  output::Summary summary;
  summary.failing = failing;
  for (const auto& [id, count] : causes)
    summary.groups[id].targets = static_cast<std::size_t>(count);
  return summary;
}

TEST(Progress, SaysHowFarHowFastAndHowLong) {
  Progress progress(10'000, kBegun);
  EXPECT_EQ(progress.line({}, kBegun, 79), "0 of 10000, 0 failing") << "no rate yet";
  for (int i = 1; i <= 4000; ++i) progress.note(kBegun + i * 1ms);
  EXPECT_EQ(progress.line(with(12, {{"dns-nxdomain", 2}, {"tcp-refused-no-listener", 10}}),
                          kBegun + 4s, 100),
            "4000 of 10000, 12 failing, 1000/s, 6 s left; tcp-refused-no-listener 10, "
            "dns-nxdomain 2");
  EXPECT_EQ(progress.done(), 4000U);
}

TEST(Progress, IsOfTheLastTenSeconds) {
  Progress progress(100'000, kBegun);
  for (int i = 1; i <= 60'000; ++i) progress.note(kBegun + i * 1ms);  // a minute of 1000/s
  for (int i = 1; i <= 100; ++i) progress.note(kBegun + 60s + i * 200ms);
  EXPECT_EQ(progress.line({}, kBegun + 80s, 79),
            "60100 of 100000, 0 failing, 5.0/s, 2 h 13 min left");
  EXPECT_EQ(progress.line({}, kBegun + 100s, 79).find("5.0/s"), std::string::npos)
      << "when nothing is done, it gets slower";
}

TEST(Progress, OfTheCausesTheMostFrequentThreeThatFitAsAWhole) {
  Progress progress(10, kBegun);
  const auto summary =
      with(9, {{"a-cause", 1}, {"b-cause", 4}, {"c-cause", 2}, {"tls-a-rather-long-cause-id", 3}});
  EXPECT_EQ(progress.line(summary, kBegun, 79),
            "0 of 10, 9 failing; b-cause 4, tls-a-rather-long-cause-id 3, c-cause 2");
  EXPECT_EQ(progress.line(summary, kBegun, 45), "0 of 10, 9 failing; b-cause 4, c-cause 2");
  for (std::size_t width = 1; width < 90; ++width)
    EXPECT_LE(output::display_width(progress.line(summary, kBegun, width)), width);
}

TEST(Progress, AtTheEndNoTimeIsLeft) {
  Progress progress(1, kBegun);
  progress.note(kBegun + 1s);
  EXPECT_EQ(progress.line({}, kBegun + 1s, 79), "1 of 1, 0 failing, 1.0/s");
}

}  // namespace
}  // namespace plumb

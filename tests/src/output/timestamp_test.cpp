#include "src/output/timestamp.hpp"

#include <gtest/gtest.h>

#include "probe/model/rfc3339.hpp"

namespace plumb::output {
namespace {

using namespace std::chrono_literals;

TEST(Timestamp, HasMillisecondsInAReportAndMicrosecondsInEvidence) {
  const WallTime at(1795251158s + 7056us);
  EXPECT_EQ(timestamp(at), "2026-11-21T08:52:38.007Z");
  EXPECT_EQ(timestamp(at, 6), "2026-11-21T08:52:38.007056Z");
}

TEST(Timestamp, BeforeTheEpochTheFractionStillCountsForward) {
  EXPECT_EQ(timestamp(WallTime(-1us), 6), "1969-12-31T23:59:59.999999Z");
}

TEST(Timestamp, IsReadBackToTheMicrosecond) {
  const WallTime at(1795251158s + 123456us);
  EXPECT_EQ(parse_rfc3339(timestamp(at, 6)), at);
}

}  // namespace
}  // namespace plumb::output

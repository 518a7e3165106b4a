#include "probe/model/rfc3339.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plumb {
namespace {

using std::chrono::seconds;

TEST(Rfc3339, SpellsUtcInWholeSeconds) {
  EXPECT_EQ(rfc3339(WallTime()), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(WallTime(seconds(1795251151)) + std::chrono::milliseconds(999)),
            "2026-11-21T08:52:31Z");
  EXPECT_EQ(rfc3339(WallTime(seconds(-1))), "1969-12-31T23:59:59Z");
}

TEST(Rfc3339, ParsesWhatItSpells) {
  for (const long long at : {-86401LL, 0LL, 951782400LL, 1795251151LL, 4102444800LL})
    EXPECT_EQ(parse_rfc3339(rfc3339(WallTime(seconds(at)))), WallTime(seconds(at)));
}

TEST(Rfc3339, TakesFractionsAndOffsets) {
  EXPECT_EQ(parse_rfc3339("2026-11-21T08:52:31.25Z"),
            WallTime(seconds(1795251151)) + std::chrono::milliseconds(250));
  EXPECT_EQ(parse_rfc3339("2026-11-21T10:52:31+02:00"), WallTime(seconds(1795251151)));
  EXPECT_EQ(parse_rfc3339("2026-11-21T07:22:31-01:30"), WallTime(seconds(1795251151)));
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.1234569Z"), WallTime(Micros(123456)));
}

TEST(Rfc3339, ClampsWhatTheClockCannotHold) {
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59Z"), WallTime::max());
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z"), WallTime::min());
  EXPECT_EQ(parse_rfc3339(rfc3339(WallTime::max())).has_value(), true);
}

TEST(Rfc3339, RefusesTheRest) {
  for (const char* bad :
       {"", "2026", "2026-11-21", "2026-11-21T08:52:31", "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T08:61:00Z",
        "2026-11-21T08:52:31.Z", "2026-11-21T08:52:31Zx", "2026-11-21T08:52:31+25:00",
        "2026-11-21T08:52:31+2:00", "x026-11-21T08:52:31Z"})
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

TEST(Rfc3339, RefusesEveryCutOfAGoodOne) {
  const std::string whole = "2026-11-21T08:52:31Z";
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_rfc3339(std::string_view(whole).substr(0, length))) << length;
}

}  // namespace
}  // namespace plumb

#include "checks/tls/dates.hpp"

#include <gtest/gtest.h>

namespace plumb::tls {
namespace {

using namespace std::chrono_literals;

TEST(Dates, AreReadFromFacts) {
  Facts facts;
  EXPECT_FALSE(time_of(facts, key::tls_not_after));
  facts.set(key::tls_not_after, std::string("soon"));
  EXPECT_FALSE(time_of(facts, key::tls_not_after));
  facts.set(key::tls_not_after, std::string("1970-01-02T00:00:00Z"));
  EXPECT_EQ(time_of(facts, key::tls_not_after), WallTime(24h));
}

TEST(Dates, SpansInWords) {
  EXPECT_EQ(days(3h), "less than a day");
  EXPECT_EQ(days(25h), "1 day");
  EXPECT_EQ(days(49h), "2 days");
  EXPECT_EQ(length_of(90s), "90 s");
  EXPECT_EQ(length_of(15min), "15 min");
  EXPECT_EQ(length_of(30h), "30 h");
  EXPECT_EQ(length_of(400 * 24h), "400 days");
}

}  // namespace
}  // namespace plumb::tls

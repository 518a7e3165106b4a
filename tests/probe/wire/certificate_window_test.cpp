#include "probe/wire/certificate_window.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "probe/wire/certificate_verify.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using std::chrono::hours;
constexpr hours kDay{24};

test::Issued lasting(int days_before, int days_after) {
  return test::issue({.common_name = "x", .days_before = days_before, .days_after = days_after});
}

DateCuts cuts(const std::vector<test::Issued>& certificates) {
  DateCuts made;
  for (const auto& one : certificates) made.add(*one.certificate);
  made.sort();
  return made;
}

TEST(DateCuts, CutTimeAtEveryBeginAndEndOfBothSides) {
  const DateCuts roots = cuts({lasting(-400, 4000)}), sent = cuts({lasting(-30, 60)});
  const auto window = roots.around(test::noon(), sent);
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->after, test::noon() - 30 * kDay);
  EXPECT_EQ(window->before, test::noon() + 60 * kDay);
  EXPECT_TRUE(window->holds(test::noon() + 59 * kDay));
  EXPECT_FALSE(window->holds(test::noon() + 60 * kDay)) << "the end itself is in no window";
  EXPECT_FALSE(window->holds(test::noon() - 30 * kDay));
  const auto later = roots.around(test::noon() + 61 * kDay, sent);
  EXPECT_EQ(later->after, test::noon() + 60 * kDay);
}

TEST(DateCuts, ARootThatBeginsOrEndsCutsToo) {
  const DateCuts roots = cuts({lasting(-400, 10), lasting(5, 900)});
  const auto window = roots.around(test::noon(), cuts({lasting(-30, 60)}));
  EXPECT_EQ(window->before, test::noon() + 5 * kDay);
}

// An ending is followed only when it is nearer than kFarAway: that changes with the clock alone.
TEST(DateCuts, CutWhereAnEndComesNear) {
  const WallTime end = test::noon() + 6000 * kDay;
  const auto window = cuts({lasting(-1, 6000)}).around(test::noon(), DateCuts());
  EXPECT_EQ(window->before, end - kFarAway);
}

TEST(DateCuts, OnACutThereIsNoWindow) {
  const DateCuts roots = cuts({lasting(-30, 60)});
  EXPECT_FALSE(roots.around(test::noon() + 60 * kDay, DateCuts()).has_value());
  EXPECT_FALSE(DateCuts().around(test::noon() + 60 * kDay, roots).has_value());
}

TEST(DateCuts, WhatCannotBeReadHasNoWindow) {
  const auto broken = lasting(-30, 60);
  ASN1_STRING_set(X509_getm_notAfter(broken.certificate.get()), "never", 5);
  EXPECT_FALSE(cuts({broken}).around(test::noon(), DateCuts()).has_value());
  EXPECT_FALSE(DateCuts().around(test::noon(), cuts({broken})).has_value());
}

}  // namespace
}  // namespace plumb::wire

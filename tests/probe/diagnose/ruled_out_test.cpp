#include "probe/diagnose/ruled_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "probe/diagnose/diagnose.hpp"
#include "tests/support/case_builder.hpp"
#include "tests/support/cause_rows.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using test::holds_at;
using test::never;
using test::row;
using testing::ElementsAre;

std::vector<std::string> told(const Case& about, const std::vector<const Cause*>& rows) {
  std::vector<std::string> out;
  for (const RuledOut& one : ruled_out(about, diagnose(about, rows)))
    out.push_back(std::string(one.id) + ": " + one.reason());
  return out;
}

TEST(RuledOut, InTheCataloguesOrderThenWhatWasSetAside) {
  const Case about = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  static constexpr std::string_view kB[] = {"b"};
  const Cause a = row("a", holds_at<1>, kB), b = row("b", holds_at<1>), c = row("c", never),
              d = row("d", holds_at<7>);
  EXPECT_THAT(told(about, {&b, &c, &a, &d}),
              ElementsAre("c: it never does", "d: no evidence for it", "b: explained by a"));
}

TEST(RuledOut, WhatWasNotAskedSaysWhyAllTheSame) {
  const Case about = CaseBuilder("h:1").works("10.0.0.1:1").build();
  Cause a = row("a", never);
  a.needs = sign::failed(Phase::connect);
  EXPECT_THAT(told(about, {&a}), ElementsAre("a: it never does"));
}

TEST(RuledOut, NothingWasAskedNothingIsRuledOut) {
  EXPECT_TRUE(ruled_out(Case{}, Diagnosis{}).empty());
}

}  // namespace
}  // namespace plumb

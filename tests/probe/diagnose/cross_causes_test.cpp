#include "probe/diagnose/cross_causes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

Verdict match(std::string_view id, const Case& about) {
  const auto row = std::ranges::find(cross_causes(), id, &Cause::id);
  if (row == cross_causes().end()) throw std::invalid_argument(std::string(id));
  return row->match(about);
}

TEST(CrossCauses, NoNetworkIsCertainAndNoErrorOfTheTarget) {
  CaseBuilder builder("h");
  builder.local({}, false).connect("10.0.0.1:1", Failure::net_unreachable);
  EXPECT_TRUE(match("client-no-network", builder.build()).matched);
  EXPECT_LT(match("client-no-network", builder.build()).severity, Severity::error);
  EXPECT_FALSE(
      match("client-no-network", CaseBuilder("h").local({"10.0.0.5"}, true).build()).matched);
}

TEST(CrossCauses, ALimitSaysWhatWasLacking) {
  CaseBuilder descriptors("h"), fact("h"), file("h");
  descriptors.connect("10.0.0.1:1", Failure::local_limit).raw("EMFILE");
  EXPECT_THAT(match("client-fd-limit", descriptors.build()).bindings,
              Contains(Pair("limit", "EMFILE")));
  fact.local({"10.0.0.5"}, true).fact(key::client_limit, std::string("a descriptor"));
  EXPECT_THAT(match("client-fd-limit", fact.build()).bindings,
              Contains(Pair("limit", "a descriptor")));
  file.local({"10.0.0.5"}, true).fact(key::local_resolv_conf, false);
  EXPECT_THAT(match("client-fd-limit", file.build()).bindings,
              Contains(Pair("limit", "a readable /etc/resolv.conf")));
  EXPECT_FALSE(match("client-fd-limit", CaseBuilder("h").timed_out("10.0.0.1:1").build()).matched);
}

TEST(CrossCauses, ASparedAddressIsAnInfoThatSaysWhy) {
  const std::vector<std::pair<std::string, std::string>> reasons{
      {"dropped", "could not be finished"},
      {"login-delayed", "connection_control"},
      {"password-refused-elsewhere", "not sent again"},
      {"account-in-use", "probe this target alone"}};
  for (const auto& [value, words] : reasons) {
    CaseBuilder builder("h");
    builder.connect("10.0.0.1:1").fact(key::client_harm_budget, value);
    const Verdict verdict = match("client-harm-budget-spent", builder.build());
    ASSERT_TRUE(verdict.matched);
    EXPECT_EQ(verdict.severity, Severity::info);
    EXPECT_THAT(verdict.bindings, Contains(Pair("why", HasSubstr(words))));
  }
}

TEST(CrossCauses, UnclassifiedNeverMatchesByItself) {
  EXPECT_EQ(unclassified_cause().id, "unclassified");
  EXPECT_FALSE(match("unclassified", CaseBuilder("h").timed_out("10.0.0.1:1").build()).matched);
}

}  // namespace
}  // namespace plumb

#include "probe/model/signs.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;

bool odd(const CaseBuilder& builder) { return signs_of(builder.build()).any_of(sign::odd_name); }

CaseBuilder well(CaseBuilder builder) { return builder.works("10.0.0.1:1"); }

TEST(Signs, OfAHealthyTargetNothingIsOdd) {
  const Signs signs =
      signs_of(CaseBuilder("h:1").resolved({"10.0.0.1"}).works("10.0.0.1:1").build());
  EXPECT_TRUE(signs.any_of(sign::seen(Phase::resolve)));
  EXPECT_TRUE(signs.any_of(sign::seen(Phase::connect)));
  EXPECT_FALSE(signs.any_of(sign::seen(Phase::session)));
  EXPECT_FALSE(signs.any_of(sign::failed(Phase::connect) | sign::talk_failed | sign::odd_name));
  EXPECT_FALSE(signs.any_of(sign::account | sign::purpose | sign::pinned | sign::no_packet));
}

TEST(Signs, AFailedStepIsOneAlsoInAFollowUp) {
  const Signs signs = signs_of(CaseBuilder("h:1").refused("10.0.0.1:1").build());
  EXPECT_TRUE(signs.any_of(sign::failed(Phase::connect)));
  EXPECT_FALSE(signs.any_of(sign::talk_failed));
}

TEST(Signs, TlsIsOddThatFailsOrSaysSomethingOrIsNotFoundGood) {
  const auto odd_tls = [](CaseBuilder builder) {
    return signs_of(builder.build()).any_of(sign::odd_tls);
  };
  const auto shaken = [](bool chain, bool name, bool dates, std::optional<Failure> failure = {}) {
    return CaseBuilder("h:1")
        .connect("10.0.0.1:1")
        .then(Phase::greeting)
        .tls(chain, name, dates, failure);
  };
  EXPECT_FALSE(odd_tls(shaken(true, true, true)));
  EXPECT_FALSE(odd_tls(CaseBuilder("h:1").refused("10.0.0.1:1"))) << "there was none";
  EXPECT_TRUE(odd_tls(shaken(false, true, true)));
  EXPECT_TRUE(odd_tls(shaken(true, false, true)));
  EXPECT_TRUE(odd_tls(shaken(true, true, false)));
  EXPECT_TRUE(odd_tls(shaken(true, true, true, Failure::tls_eof)));
  EXPECT_TRUE(odd_tls(shaken(true, true, true).fact(key::tls_alert, std::int64_t{40})));
  EXPECT_TRUE(odd_tls(CaseBuilder("h:1").connect("10.0.0.1:1").then(Phase::tls))) << "not verified";
}

TEST(Signs, ANameWithoutAnAddressOfOneFamilyIsNotOdd) {
  CaseBuilder builder("h:1");
  builder.asked("10.0.0.2:53", {"10.0.0.1"}).asked("10.0.0.2:53", {}, Failure::nodata, "AAAA");
  EXPECT_FALSE(odd(well(builder.view({"10.0.0.1"}))));
}

TEST(Signs, WhereResolversDisagreeTheNameIsOdd) {
  CaseBuilder builder("h:1");
  builder.asked("10.0.0.2:53", {"10.0.0.1"}).asked("10.0.0.3:53", {}, Failure::nodata);
  EXPECT_TRUE(odd(well(builder.view({"10.0.0.1"}))));
  CaseBuilder other("h:1");
  other.asked("10.0.0.2:53", {"10.0.0.1"}).asked("10.0.0.3:53", {"192.0.2.1"});
  EXPECT_TRUE(odd(well(other.view({"10.0.0.1"}))));
}

TEST(Signs, ANameIsOddThatFailsOrComesFromAFileOrLeadsNowhere) {
  EXPECT_TRUE(odd(CaseBuilder("h:1").unresolved(Failure::nodata)));
  EXPECT_TRUE(odd(well(CaseBuilder("h:1").view({"10.0.0.1"}, {}, "hosts"))));
  EXPECT_TRUE(odd(CaseBuilder("h:1").resolved({"127.0.0.1"})));
  EXPECT_TRUE(odd(well(CaseBuilder("h:1").resolved({"no address"}))));
}

TEST(Signs, APublicAddressIsOddWhereAPrivateOneIsExpected) {
  CaseBuilder anywhere("h:1"), inside("h:1");
  EXPECT_FALSE(odd(well(anywhere.resolved({"8.8.8.8"}))));
  inside.profile("tidb-starter-private-aws").resolved({"8.8.8.8"});
  EXPECT_TRUE(odd(well(inside)));
}

}  // namespace
}  // namespace plumb

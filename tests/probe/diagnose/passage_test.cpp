#include "probe/diagnose/passage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

const key::Number kErrorCode{"mysql.error_code", "", ""};

TEST(Passage, OneAddressWithAnAnsweredLoginIsEnough) {
  const Passage passage = judge_passage(CaseBuilder("h:1")
                                            .resolved({"10.0.0.1"})
                                            .timed_out("10.0.0.1:1")
                                            .works("10.0.0.2:1")
                                            .build());
  EXPECT_EQ(passage.way, Way::through);
  EXPECT_THAT(passage.ports, ElementsAre(1));
}

TEST(Passage, TheRefusalOfTheAnonymousLoginIsThroughOfTheAccountIsNot) {
  CaseBuilder anonymous("h:1"), account("h:1");
  anonymous.works("10.0.0.1:1").fact(kErrorCode, std::int64_t{1045});
  EXPECT_EQ(judge_passage(anonymous.build()).way, Way::through);
  account.connect("10.0.0.1:1").then(Phase::greeting).login("account", Failure::mysql_error);
  account.fact(kErrorCode, std::int64_t{1045}).works("10.0.0.2:1");
  EXPECT_EQ(judge_passage(account.build()).way, Way::kept_out)
      << "the anonymous login beside proves nothing for it";
  EXPECT_THAT(judge_passage(account.build()).stops, ElementsAre(3));
}

Way with(TlsMode policy, bool chain, bool name, bool dates, std::optional<Failure> failure = {}) {
  CaseBuilder builder("h:1");
  builder.tls_policy(policy)
      .connect("10.0.0.1:1")
      .then(Phase::greeting)
      .tls(chain, name, dates, failure)
      .login();
  return judge_passage(builder.build()).way;
}

TEST(Passage, ThePolicyDecidesWhatACertificateIsWorth) {
  EXPECT_EQ(with(TlsMode::verify_full, true, true, true), Way::through);
  EXPECT_EQ(with(TlsMode::verify_full, true, false, true, Failure::certificate_name_mismatch),
            Way::kept_out);
  EXPECT_EQ(with(TlsMode::verify_full, true, false, true), Way::kept_out);
  EXPECT_EQ(with(TlsMode::verify_ca, true, false, true, Failure::certificate_name_mismatch),
            Way::through);
  EXPECT_EQ(with(TlsMode::verify_ca, true, true, false, Failure::certificate_expired),
            Way::kept_out);
  EXPECT_EQ(with(TlsMode::verify_ca, false, true, true, Failure::certificate_untrusted),
            Way::kept_out);
  EXPECT_EQ(with(TlsMode::required, false, false, false, Failure::certificate_untrusted),
            Way::through);
  EXPECT_EQ(with(TlsMode::preferred, false, false, false, Failure::certificate_expired),
            Way::through);
  EXPECT_EQ(with(TlsMode::required, false, false, false, Failure::tls_alert), Way::kept_out);
}

TEST(Passage, WithoutTlsOnlyAPolicyThatAllowsItIsThrough) {
  const auto plain = [](TlsMode policy) {
    CaseBuilder builder("h:1");
    return judge_passage(
        builder.tls_policy(policy).connect("10.0.0.1:1").then(Phase::greeting).login().build());
  };
  EXPECT_EQ(plain(TlsMode::off).way, Way::through);
  EXPECT_EQ(plain(TlsMode::preferred).way, Way::through);
  EXPECT_EQ(plain(TlsMode::required).way, Way::kept_out);
  EXPECT_THAT(plain(TlsMode::required).stops, ElementsAre(3));
}

TEST(Passage, TheBestTryTellsWhatKeepsTheClientOut) {
  const Passage passage = judge_passage(CaseBuilder("h:1")
                                            .timed_out("10.0.0.1:1")
                                            .connect("10.0.0.2:1")
                                            .then(Phase::greeting, Failure::mysql_error)
                                            .build());
  EXPECT_EQ(passage.way, Way::kept_out);
  EXPECT_THAT(passage.stops, ElementsAre(3));
  const Passage alike =
      judge_passage(CaseBuilder("h:1").timed_out("10.0.0.1:1").refused("10.0.0.2:1").build());
  EXPECT_THAT(alike.stops, ElementsAre(1, 2));
}

TEST(Passage, ANameWithoutAddressKeepsOut) {
  const Passage passage = judge_passage(CaseBuilder("h").unresolved(Failure::nxdomain).build());
  EXPECT_EQ(passage.way, Way::kept_out);
  EXPECT_THAT(passage.stops, ElementsAre(2)) << "the application's view";
  const Case cut =
      CaseBuilder("h").asked("10.0.0.2:53", {}, Failure::timed_out).view({"10.0.0.1"}).build();
  EXPECT_EQ(judge_passage(cut).way, Way::not_measured) << "resolved, and then nothing was tried";
}

TEST(Passage, TroubleOfTheToolIsNoTroubleOfTheTarget) {
  const auto way = [](const CaseBuilder& builder) { return judge_passage(builder.build()).way; };
  EXPECT_EQ(way(CaseBuilder("h")), Way::not_measured);
  EXPECT_EQ(way(CaseBuilder("h").connect("10.0.0.1:1", Failure::cancelled)), Way::not_measured);
  EXPECT_EQ(way(CaseBuilder("h").connect("10.0.0.1:1", Failure::local_limit)), Way::not_measured);
  EXPECT_EQ(
      way(CaseBuilder("h").timed_out("10.0.0.1:1").connect("10.0.0.2:1", Failure::local_limit)),
      Way::not_measured);
  EXPECT_EQ(way(CaseBuilder("h").connect("10.0.0.1:1").then(Phase::greeting)), Way::not_measured)
      << "a login that was spared";
  EXPECT_EQ(way(CaseBuilder("h").timed_out("10.0.0.1:1").connect("10.0.0.2:1", Failure::cancelled)),
            Way::kept_out);
  EXPECT_EQ(way(CaseBuilder("h").connect("10.0.0.2:1", Failure::permission_denied)), Way::kept_out);
  CaseBuilder unreadable("h");
  unreadable.local({"10.0.0.5"}, true)
      .fact(key::local_resolv_conf, false)
      .unresolved(Failure::timed_out);
  EXPECT_EQ(way(unreadable), Way::not_measured);
}

TEST(Passage, AHostWithoutAnyNetworkMeasuresNothing) {
  CaseBuilder nowhere("h");
  nowhere.local({}, false).connect("10.0.0.1:1", Failure::net_unreachable);
  EXPECT_TRUE(has_no_network(nowhere.build()));
  EXPECT_EQ(judge_passage(nowhere.build()).way, Way::not_measured);
  CaseBuilder loopback("127.0.0.1:1");
  loopback.local({}, false).refused("127.0.0.1:1");
  EXPECT_FALSE(has_no_network(loopback.build()));
  EXPECT_EQ(judge_passage(loopback.build()).way, Way::kept_out);
  CaseBuilder online("h");
  online.local({"10.0.0.5"}, false).connect("10.9.0.1:1", Failure::net_unreachable);
  EXPECT_FALSE(has_no_network(online.build()));
}

TEST(Passage, OddLinksAndEmptyEndpointsAreSurvived) {
  Case about = CaseBuilder("h").connect("nonsense", Failure::refused).build();
  about.evidence.observations[0].after = 99;
  about.evidence.observations[0].n = 12345;
  EXPECT_EQ(judge_passage(about).way, Way::kept_out);
  EXPECT_THAT(judge_passage(about).stops, ElementsAre(1));
}

}  // namespace
}  // namespace plumb

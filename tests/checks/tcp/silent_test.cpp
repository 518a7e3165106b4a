#include "checks/tcp/silent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;

constexpr Verdict (*kAll[])(const Case&) = {
    match_endpoint_sg,     match_default_sg,   match_rejected,         match_wrong_port,
    match_client_egress,   match_nacl,         match_nacl_return,      match_target_sg,
    match_nlb_sg_enforced, match_stale_target, match_target_unhealthy, silent_without_route,
    silent_at_this_host};

constexpr auto kThere = "10.0.0.1:4000";

CaseBuilder silent(const std::string& target = "h:4000") {
  return CaseBuilder(target).timed_out(kThere);
}

TEST(SilentSyn, AllCandidatesMatchInTheCataloguesOrderAndNoneIsCertain) {
  const Case about =
      CaseBuilder("h:4000").timed_out("10.0.0.1:4000").timed_out("10.0.1.1:4000").build();
  int rank = 0;
  for (const auto match : kAll) {
    const Verdict verdict = match(about);
    ASSERT_TRUE(verdict.matched);
    EXPECT_NE(verdict.confidence, Confidence::certain);
    EXPECT_GT(verdict.rank, rank);
    EXPECT_THAT(verdict.evidence, ElementsAre(1, 2));
    rank = verdict.rank;
  }
}

TEST(SilentSyn, NoneMatchesAtThisHostOrWithoutAnAddress) {
  const Case loopback = CaseBuilder("h:1").timed_out("127.0.0.1:1").build();
  const Case nothing = CaseBuilder("h:1").unresolved(Failure::nxdomain).build();
  for (const auto match : kAll)
    for (const Case* about : {&loopback, &nothing}) {
      EXPECT_FALSE(match(*about).matched);
      EXPECT_FALSE(match(*about).because.empty());
    }
}

TEST(SilentSyn, APublicAddressPutsTheEndpointBehind) {
  const Case about = CaseBuilder("h:4000").timed_out("192.0.2.1:4000").build();
  EXPECT_GT(match_endpoint_sg(about).rank, match_stale_target(about).rank);
  EXPECT_LT(match_wrong_port(about).rank, match_client_egress(about).rank);
  const Case direct =
      CaseBuilder("h:3306").profile("rds-direct").timed_out("10.0.0.1:3306").build();
  EXPECT_GT(match_rejected(direct).rank, match_stale_target(direct).rank);
}

TEST(SilentSyn, AnUncustomaryPortComesFirst) {
  const Case about =
      CaseBuilder("h:3306").profile("tidb-dedicated-private").timed_out("10.0.0.1:3306").build();
  const Verdict verdict = match_wrong_port(about);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_LT(verdict.rank, match_endpoint_sg(about).rank);
  EXPECT_THAT(verdict.bindings, testing::Contains(testing::Pair("other_port", "4000")));
}

TEST(SilentSyn, ThePortToTryIsNeverTheOneThatWasSilent) {
  const auto other = [](const std::string& port, const std::string& profile) {
    const Case about = CaseBuilder("h:" + port).profile(profile).timed_out("10.0.0.1:1").build();
    const Verdict verdict = match_wrong_port(about);
    const auto found =
        std::ranges::find(verdict.bindings, "other_port", &Bindings::value_type::first);
    return found == verdict.bindings.end() ? "" : found->second;
  };
  EXPECT_EQ(other("4000", "tidb-dedicated-private"), "3306");
  EXPECT_EQ(other("3306", "rds-direct"), "4000");
  EXPECT_EQ(other("5000", "rds-direct"), "3306");
  EXPECT_EQ(other("3306", "mysql"), "4000");
}

TEST(SilentSyn, AnotherPortThatGreetsMakesThePortLikelyAndTheEndpointImpossible) {
  CaseBuilder builder = silent();
  builder.profile("tidb-dedicated-private");
  builder.followup_works(experiment::kSecondPort, "10.0.0.1:3306");
  const Verdict port = match_wrong_port(builder.build());
  EXPECT_EQ(port.confidence, Confidence::likely);
  EXPECT_THAT(port.bindings, testing::Contains(testing::Pair("other_port", "3306")));
  for (const auto match : {match_default_sg, match_rejected, match_paused, silent_without_route})
    EXPECT_FALSE(match(builder.build()).matched);
  for (const auto match : {match_endpoint_sg, match_client_egress, match_target_sg})
    EXPECT_GT(match(builder.build()).rank, port.rank) << "a group may admit one port only";
}

TEST(SilentSyn, OtherPortsThatAreSilentTooSpeakAgainstTheWrongPort) {
  CaseBuilder builder = silent("h:3306");
  builder.profile("tidb-dedicated-private");
  builder.followup(experiment::kSecondPort, kThere, Failure::timed_out);
  const Verdict port = match_wrong_port(builder.build());
  EXPECT_EQ(port.confidence, Confidence::possible);
  EXPECT_GT(port.rank, match_endpoint_sg(builder.build()).rank);
  CaseBuilder refuses = silent();
  refuses.followup(experiment::kSecondPort, "10.0.0.1:443", Failure::refused);
  EXPECT_LT(match_wrong_port(refuses.build()).rank, match_endpoint_sg(refuses.build()).rank);
}

TEST(SilentSyn, TheSourcePortSpeaksForAFilterWithoutState) {
  CaseBuilder builder = silent();
  builder.followup(experiment::kSourcePort, kThere, Failure::timed_out)
      .followup_works(experiment::kSourcePort, kThere);
  EXPECT_EQ(match_nacl_return(builder.build()).confidence, Confidence::possible);
  EXPECT_LT(match_nacl_return(builder.build()).rank, match_endpoint_sg(builder.build()).rank);
  builder.followup(experiment::kRepeat, kThere, Failure::timed_out)
      .followup(experiment::kRepeat, kThere, Failure::timed_out);
  EXPECT_EQ(match_nacl_return(builder.build()).confidence, Confidence::likely)
      << "a load balancer with dead targets gives the same now and then";
  EXPECT_GT(match_endpoint_sg(builder.build()).rank, 100);
  EXPECT_EQ(match_nacl_return(silent().build()).confidence, Confidence::possible);
}

TEST(SilentSyn, WhereNothingElseWorksEitherThisHostComesFirst) {
  CaseBuilder builder = silent();
  builder.followup(experiment::kSecondPort, "10.0.0.1:443", Failure::timed_out)
      .followup(experiment::kControl, "10.0.0.2:53", Failure::timed_out);
  EXPECT_LT(match_client_egress(builder.build()).rank, match_endpoint_sg(builder.build()).rank);
  EXPECT_LT(silent_at_this_host(builder.build()).rank, match_endpoint_sg(builder.build()).rank);
  EXPECT_LT(silent_without_route(builder.build()).rank, match_endpoint_sg(builder.build()).rank);
  CaseBuilder works = silent();
  works.followup(experiment::kControl, "10.0.0.2:53");
  EXPECT_GT(match_client_egress(works.build()).rank, match_endpoint_sg(works.build()).rank);
}

void count(CaseBuilder& builder, std::int64_t resent, std::int64_t failed) {
  builder.local({"10.0.0.5"}, true)
      .fact(key::local_syns_resent, resent)
      .fact(key::local_resends_failed, failed);
}

std::string bound(const Verdict& verdict, std::string_view name) {
  return std::string(verdict.bound(name));
}

TEST(SilentSyn, WhatCouldNotLeaveIsLikelyThisHostsOwnAndAllOthersStandBehind) {
  CaseBuilder builder = silent();
  count(builder, 12, 12);
  const Verdict own = silent_at_this_host(builder.build());
  EXPECT_EQ(own.confidence, Confidence::likely);
  EXPECT_THAT(own.evidence, ElementsAre(1, 2)) << "it competes at the connect, and cites the count";
  EXPECT_THAT(bound(own, "counted"),
              testing::HasSubstr("12 of 12 retransmissions that could not leave this host"));
  for (const auto match : kAll) {
    if (match == silent_at_this_host) continue;
    EXPECT_TRUE(match(builder.build()).matched) << "a full queue counts as well";
    EXPECT_GT(match(builder.build()).rank, 100);
    EXPECT_EQ(match(builder.build()).confidence, Confidence::possible);
  }
}

TEST(SilentSyn, OfAPortThatWasNeverReachedNothingIsLikely) {
  CaseBuilder builder = silent();
  builder.fact(key::tcp_syn_left, false).followup_works(experiment::kSecondPort, "10.0.0.1:3306");
  CaseBuilder told = builder;
  count(told, 9, 6);
  EXPECT_EQ(match_wrong_port(builder.build()).confidence, Confidence::likely);
  EXPECT_EQ(match_wrong_port(told.build()).confidence, Confidence::possible);
  EXPECT_EQ(bound(match_wrong_port(told.build()), "how_sure"), "Possibly");
  EXPECT_THAT(bound(silent_at_this_host(told.build()), "counted"),
              testing::HasSubstr("6 of 9 retransmissions that could not leave this host, those to "
                                 "the target among them"));
}

TEST(SilentSyn, WhatLeftLeavesThisHostTheAnswersOnly) {
  CaseBuilder builder = silent();
  builder.followup(experiment::kControl, "10.0.0.2:53", Failure::timed_out);
  EXPECT_LT(silent_at_this_host(builder.build()).rank, 10);
  count(builder, 12, 0);
  const Verdict own = silent_at_this_host(builder.build());
  EXPECT_EQ(own.confidence, Confidence::possible);
  EXPECT_GT(own.rank, 100);
  EXPECT_THAT(bound(own, "forbids"), testing::HasSubstr("drops the answers"));
  EXPECT_THAT(bound(own, "counted"), testing::HasSubstr("sent again 12 times, none held back"));
  EXPECT_THAT(std::string(own.decide_by), testing::HasSubstr("what comes in"));
  EXPECT_LT(match_client_egress(builder.build()).rank, 10) << "a group is behind the output";
}

TEST(SilentSyn, TheSourceAddressLeavesGroupsAndRoutes) {
  CaseBuilder builder = silent();
  builder.followup(experiment::kSourceAddress, kThere, Failure::timed_out)
      .followup(experiment::kSourceAddress, kThere);
  EXPECT_LT(match_endpoint_sg(builder.build()).rank, 5);
  EXPECT_LT(match_client_egress(builder.build()).rank, 5);
  for (const auto match : {match_rejected, match_wrong_port, match_target_sg, match_stale_target})
    EXPECT_FALSE(match(builder.build()).matched);
}

TEST(SilentSyn, WhatComesAndGoesIsALoadBalancersPart) {
  CaseBuilder builder = silent();
  EXPECT_FALSE(match_port_allocation(builder.build()).matched);
  builder.followup_works(experiment::kRepeat, kThere)
      .followup(experiment::kRepeat, kThere, Failure::timed_out);
  const Verdict ports = match_port_allocation(builder.build());
  EXPECT_EQ(ports.confidence, Confidence::possible);
  EXPECT_LT(ports.rank, match_endpoint_sg(builder.build()).rank);
  EXPECT_LT(match_target_unhealthy(builder.build()).rank, match_endpoint_sg(builder.build()).rank);
}

TEST(SilentSyn, EachCloudHasItsOwnRows) {
  const auto in = [](const std::string& provider) {
    return CaseBuilder("h:4000").here(provider).timed_out(kThere).build();
  };
  for (const auto match : {match_endpoint_sg, match_default_sg, match_nacl, match_nacl_return,
                           match_rejected, match_nlb_sg_enforced}) {
    EXPECT_TRUE(match(in("aws")).matched);
    for (const char* other : {"azure", "gcp", "alibaba_cloud"})
      EXPECT_FALSE(match(in(other)).matched) << other;
  }
  EXPECT_TRUE(match_azure(in("azure")).matched);
  EXPECT_TRUE(match_gcp(in("gcp")).matched);
  EXPECT_TRUE(match_alibaba(in("alibaba_cloud")).matched);
  for (const auto match : {match_azure, match_gcp, match_alibaba})
    EXPECT_FALSE(match(in("aws")).matched);
  EXPECT_FALSE(match_client_egress(in("azure")).matched);
  EXPECT_TRUE(match_client_egress(in("alibaba_cloud")).matched);
}

TEST(SilentSyn, WhatDecidesIsSaidInTheWordsOfTheEndpointsCloud) {
  for (const auto match : {match_wrong_port, match_target_sg, match_stale_target,
                           match_target_unhealthy, silent_without_route})
    for (const char* provider : {"aws", "azure", "gcp", "alibaba_cloud"}) {
      const Verdict verdict = match(CaseBuilder("h:4000").here(provider).timed_out(kThere).build());
      ASSERT_TRUE(verdict.matched);
      // Empty: as the row says, which is AWS's.
      EXPECT_EQ(verdict.decide_by.empty(), provider == std::string("aws")) << provider;
      EXPECT_EQ(verdict.decide_by.find("aws "), std::string_view::npos) << verdict.decide_by;
    }
}

TEST(SilentSyn, OverAPeeringTheRouteComesFirstAndNoEndpoint) {
  const Case about =
      CaseBuilder("h:4000").profile("tidb-dedicated-peering").timed_out(kThere).build();
  const int route = silent_without_route(about).rank;
  EXPECT_LT(route, match_client_egress(about).rank);
  for (const auto match : {match_endpoint_sg, match_default_sg, match_rejected})
    EXPECT_GT(match(about).rank, match_target_unhealthy(about).rank);
}

TEST(SilentSyn, AnAddressInAnotherNetworkMayLackItsRoute) {
  CaseBuilder elsewhere("h:4000");
  elsewhere.here("aws", "us-east-1", {"10.1.0.0/16"}).timed_out(kThere);
  CaseBuilder inside("h:4000");
  inside.here("aws", "us-east-1", {"10.0.0.0/16"}).timed_out(kThere);
  EXPECT_LT(silent_without_route(elsewhere.build()).rank,
            silent_without_route(inside.build()).rank);
}

TEST(SilentSyn, ADedicatedClusterMayBeShutByRstAsWell) {
  for (const auto failure : {Failure::timed_out, Failure::refused}) {
    CaseBuilder builder("tidb.abc.clusters.tidb-cloud.com");
    builder.profile("tidb-dedicated-public").connect("52.1.1.1:4000", failure);
    EXPECT_EQ(match_access_list(builder.build()).confidence, Confidence::possible);
    EXPECT_EQ(match_paused(builder.build()).confidence, Confidence::possible);
    EXPECT_LT(match_access_list(builder.build()).rank, match_paused(builder.build()).rank);
  }
  EXPECT_FALSE(match_access_list(silent().build()).matched);
  EXPECT_FALSE(match_paused(silent().build()).matched);
}

TEST(SilentSyn, DmsMayLackAWayToTheInternet) {
  const auto with = [](Purpose purpose, const std::string& endpoint) {
    return match_dms_internet(CaseBuilder("h:4000").purpose(purpose).timed_out(endpoint).build());
  };
  EXPECT_EQ(with(Purpose::dms_target, "52.1.1.1:4000").confidence, Confidence::possible);
  EXPECT_FALSE(with(Purpose::connect, "52.1.1.1:4000").matched);
  EXPECT_FALSE(with(Purpose::dms_target, kThere).matched);
}

TEST(SilentSyn, AfterARstTheLoadBalancersPartIsANoteUnlessOneIsKnown) {
  const Case plain = CaseBuilder("h:4000").refused(kThere).build();
  EXPECT_EQ(match_target_unhealthy(plain).severity, Severity::info);
  EXPECT_EQ(match_stale_target(plain).severity, Severity::info);
  const Case behind =
      CaseBuilder("h:4000").profile("tidb-dedicated-private").refused(kThere).build();
  EXPECT_EQ(match_target_unhealthy(behind).severity, Severity::error);
  EXPECT_FALSE(match_endpoint_sg(behind).matched);
  const Case icmp = CaseBuilder("h:4000").refused(kThere).icmp(3, 3, "10.0.0.9").build();
  EXPECT_FALSE(match_target_unhealthy(icmp).matched);
}

TEST(SilentSyn, AnAddressThatIsGoneMayBeADeletedEndpoint) {
  CaseBuilder builder("h:4000");
  builder.profile("aws-vpce").connect(kThere, Failure::host_unreachable);
  EXPECT_TRUE(match_rejected(builder.build()).matched);
  builder.icmp(3, 1, "10.0.0.9");
  EXPECT_FALSE(match_rejected(builder.build()).matched) << "a router said so";
}

TEST(SilentSyn, ManyAddressesAreCountedNotListed) {
  CaseBuilder builder("h:1");
  for (int i = 1; i < 7; ++i) builder.timed_out("10.0.0." + std::to_string(i) + ":1");
  EXPECT_THAT(match_nacl(builder.build()).bindings,
              testing::Contains(testing::Pair("silent", "any of the 6 addresses")));
}

}  // namespace
}  // namespace plumb::tcp

#include "checks/dns/opinions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;

TEST(Opinions, AllAnswersOfAResolverTogether) {
  const Case about = CaseBuilder("h")
                         .asked("10.0.0.2:53", {"10.1.1.1"})
                         .asked("10.0.0.2:53", {}, Failure::nodata, "AAAA")
                         .asked("10.0.0.3:53", {}, Failure::nxdomain)
                         .asked("10.0.0.3:53", {"10.9.9.9"}, {}, "A", "h.search.example")
                         .build();
  const auto all = opinions(about);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].knows_private());
  EXPECT_FALSE(all[0].denies());
  EXPECT_FALSE(all[0].is_mute());
  EXPECT_TRUE(all[1].denies_with(Failure::nxdomain)) << "another name is no opinion on this one";
  EXPECT_THAT(evidence_of(all), ElementsAre(1, 2, 3));
}

TEST(Opinions, SilenceIsMuteAndHalfOfItWavers) {
  const Case about = CaseBuilder("h")
                         .asked("10.0.0.2:53", {}, Failure::timed_out)
                         .asked("10.0.0.3:53", {"192.0.2.1"})
                         .asked("10.0.0.3:53", {}, Failure::timed_out, "AAAA")
                         .build();
  const auto all = opinions(about);
  EXPECT_TRUE(all[0].is_mute());
  EXPECT_FALSE(all[0].wavers());
  EXPECT_TRUE(all[1].wavers());
  EXPECT_TRUE(all[1].only_public());
}

TEST(Opinions, OnlyAwsHasItsResolverAtTheNetworksSecondAddress) {
  for (const char* cloud : {"aws", "azure", "alibaba_cloud"}) {
    const Case about = CaseBuilder("h")
                           .here(cloud, "", {"10.1.0.0/16"})
                           .asked("10.1.0.2:53", {"192.0.2.1"})
                           .build();
    EXPECT_EQ(opinions(about)[0].clouds_own, cloud == std::string("aws")) << cloud;
  }
}

TEST(Opinions, TheOneThatAnswersOverTcpIsNoted) {
  CaseBuilder builder("h");
  builder.asked("10.0.0.2:53", {}, Failure::timed_out)
      .asked("10.0.0.3:53", {}, Failure::timed_out)
      .followup_asked(experiment::kResolverOverTcp, "10.0.0.2:53", {}, Failure::nxdomain)
      .followup_asked(experiment::kResolverOverTcp, "10.0.0.3:53", {}, Failure::timed_out);
  const auto all = opinions(builder.build());
  EXPECT_EQ(all[0].over_tcp, 3);
  EXPECT_EQ(all[1].over_tcp, 0);
}

TEST(Opinions, TheCloudsOwnByAddressRangeFollowUpOrOption) {
  CaseBuilder builder("h");
  builder.here("aws", "us-east-1", {"10.1.0.0/16"})
      .fact(key::local_resolvers, test::Strings{"10.0.0.9:53"})
      .asked("10.0.0.9:53", {}, Failure::nxdomain)
      .asked("10.1.0.2:53", {"10.1.1.1"})
      .asked("169.254.169.253:53", {"10.1.1.1"})
      .asked("10.7.7.7:53", {"10.1.1.1"})
      .followup_asked(experiment::kCloudResolver, "100.100.2.136:53", {"10.1.1.1"});
  const Opinions said = split_opinions(builder.build());
  EXPECT_EQ(resolvers_of(said.configured), "10.0.0.9:53");
  EXPECT_EQ(resolvers_of(said.clouds_own),
            "10.1.0.2:53, 169.254.169.253:53, 10.7.7.7:53, 100.100.2.136:53");
}

TEST(Opinions, ResolversInThePlaceOfTheConfiguredOnesAreNotTheClouds) {
  CaseBuilder builder("h");
  builder.local({"10.0.0.5"}, true)
      .fact(key::local_resolvers, test::Strings{"10.0.0.9:53"})
      .asked("10.7.7.7:53", {"10.1.1.1"})
      .asked("10.7.7.8:53", {"10.1.1.1"});
  EXPECT_TRUE(split_opinions(builder.build()).clouds_own.empty());
}

TEST(Opinions, TroubleIsNoAddressOrAPublicOneWhereAPrivateIsExpected) {
  EXPECT_TRUE(name_is_in_trouble(CaseBuilder("h").unresolved(Failure::nxdomain).build()));
  EXPECT_FALSE(name_is_in_trouble(CaseBuilder("h").resolved({"192.0.2.1"}).build()));
  EXPECT_TRUE(
      name_is_in_trouble(CaseBuilder("h").profile("aws-vpce").resolved({"192.0.2.1"}).build()));
  EXPECT_FALSE(
      name_is_in_trouble(CaseBuilder("h").profile("aws-vpce").resolved({"10.0.0.1"}).build()));
  EXPECT_FALSE(name_is_in_trouble(CaseBuilder("10.0.0.1").build()));
}

}  // namespace
}  // namespace plumb::dns

#include "checks/cloud/candidates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "checks/tcp/silent.hpp"
#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::cloud {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::Pair;

constexpr auto kThere = "10.0.0.1:4000";
constexpr auto kDedicated = "privatelink-1.abc.clusters.tidb-cloud.com:4000";

CaseBuilder silent(const std::string& provider = "") {
  CaseBuilder builder(kDedicated);
  builder.profile("tidb-dedicated-private");
  if (!provider.empty()) builder.here(provider);
  return builder.timed_out(kThere);
}

TEST(CloudCandidates, AnEndpointThatNobodyAcceptedIsSilentOnEveryPort) {
  for (const auto match : {match_pending_acceptance, match_tidb_not_registered}) {
    const Verdict verdict = match(silent().build());
    ASSERT_TRUE(verdict.matched);
    EXPECT_EQ(verdict.confidence, Confidence::possible);
    EXPECT_GT(verdict.rank, tcp::match_endpoint_sg(silent().build()).rank);
    CaseBuilder greets = silent();
    greets.followup_works(experiment::kSecondPort, "10.0.0.1:3306");
    EXPECT_FALSE(match(greets.build()).matched);
    EXPECT_FALSE(match(CaseBuilder("h:1").refused("10.0.0.1:1").build()).matched);
    EXPECT_FALSE(match(silent("azure").build()).matched);
  }
  EXPECT_FALSE(
      match_tidb_not_registered(CaseBuilder("h:1").timed_out("10.0.0.1:1").build()).matched);
}

TEST(CloudCandidates, AMissingListenerRisesWithTheWrongPort) {
  CaseBuilder builder = silent();
  EXPECT_GT(match_listener_missing(builder.build()).rank,
            tcp::match_endpoint_sg(builder.build()).rank);
  builder.followup_works(experiment::kSecondPort, "10.0.0.1:3306");
  EXPECT_LT(match_listener_missing(builder.build()).rank,
            tcp::match_endpoint_sg(builder.build()).rank);
  EXPECT_GT(match_listener_missing(builder.build()).rank,
            tcp::match_wrong_port(builder.build()).rank);
  builder.local({"10.0.0.5"}, true)
      .fact(key::local_syns_resent, std::int64_t{9})
      .fact(key::local_resends_failed, std::int64_t{9});
  EXPECT_GT(match_listener_missing(builder.build()).rank, 100) << "this host let no SYN out";
}

TEST(CloudCandidates, EachCloudHasItsOwn) {
  EXPECT_TRUE(match_azure_not_approved(silent("azure").build()).matched);
  EXPECT_TRUE(match_psc_not_accepted(silent("gcp").build()).matched);
  EXPECT_TRUE(match_psc_exhausted(silent("gcp").build()).matched);
  EXPECT_TRUE(match_alibaba_not_connected(silent("alibaba_cloud").build()).matched);
  EXPECT_TRUE(match_alibaba_zone(silent("alibaba_cloud").build()).matched);
  for (const auto match : {match_azure_not_approved, match_psc_not_accepted, match_psc_exhausted,
                           match_alibaba_not_connected, match_alibaba_zone})
    EXPECT_FALSE(match(silent("aws").build()).matched);
  CaseBuilder alibaba("ep-a.epsrv-b.cn-hangzhou.privatelink.aliyuncs.com:4000");
  EXPECT_TRUE(match_alibaba_not_connected(
                  alibaba.profile("tidb-private-alicloud").timed_out(kThere).build())
                  .matched)
      << "the name tells the cloud";
}

TEST(CloudCandidates, ConnectsThatComeAndGoMakeExhaustionMoreProbable) {
  CaseBuilder builder = silent("gcp");
  const int before = match_psc_exhausted(builder.build()).rank;
  builder.followup_works(experiment::kRepeat, kThere)
      .followup(experiment::kRepeat, kThere, Failure::timed_out);
  EXPECT_LT(match_psc_exhausted(builder.build()).rank, before);
}

TEST(CloudCandidates, OneSilentZoneOfAlibabaIsAWarning) {
  CaseBuilder builder("h:4000");
  builder.here("alibaba_cloud").connect(kThere).timed_out("10.0.1.1:4000");
  EXPECT_EQ(match_alibaba_zone(builder.build()).severity, Severity::warning);
}

Case in_region(const std::string& region, const std::string& host, std::string_view profile,
               std::optional<Failure> failure = Failure::timed_out) {
  CaseBuilder builder(host);
  builder.profile(profile).here("aws", region).resolved({"10.0.0.1"}).connect(kThere, failure);
  return builder.build();
}

TEST(RegionMismatch, AnEndpointOfAnotherRegionThatIsNotReached) {
  const auto host = "gateway01-privatelink.eu-west-1.prod.aws.tidbcloud.com";
  const auto profile = "tidb-starter-private-aws";
  const Verdict verdict = match_region_mismatch(in_region("us-east-1", host, profile));
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_THAT(verdict.bindings, Contains(Pair("there", "eu-west-1")));
  EXPECT_THAT(verdict.bindings, Contains(Pair("here", "us-east-1")));
  EXPECT_FALSE(match_region_mismatch(in_region("eu-west-1", host, profile)).matched);
  EXPECT_FALSE(match_region_mismatch(in_region("us-east-1", host, profile, {})).matched)
      << "networks may be connected across regions";
  EXPECT_FALSE(
      match_region_mismatch(in_region("us-east-1", "gateway01.eu-west-1.prod.aws.tidbcloud.com",
                                      "tidb-starter-public-aws"))
          .matched);
  CaseBuilder unknown(host);
  unknown.profile(profile).timed_out(kThere);
  EXPECT_FALSE(match_region_mismatch(unknown.build()).matched);
}

TEST(RegionMismatch, ANameThatIsUnknownHereCountsToo) {
  CaseBuilder builder("gateway01-privatelink.eu-west-1.prod.aws.tidbcloud.com");
  builder.profile("tidb-starter-private-aws").here("aws", "us-east-1");
  builder.unresolved(Failure::nxdomain);
  const Verdict verdict = match_region_mismatch(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.evidence.front(), 3);
}

TEST(WrongService, ACertificateOfAnotherNameAtAPrivateEndpoint) {
  CaseBuilder builder(kDedicated);
  builder.profile("tidb-dedicated-private").tls_policy(TlsMode::verify_full);
  builder.connect(kThere).then(Phase::greeting).tls(true, false, true).login();
  EXPECT_EQ(match_wrong_service(builder.build()).confidence, Confidence::possible);
  EXPECT_EQ(match_wrong_service(builder.build()).severity, Severity::error);
  EXPECT_EQ(match_wrong_service(builder.tls_policy(TlsMode::preferred).build()).severity,
            Severity::info);
  EXPECT_TRUE(match_wrong_service(builder.build()).decide_by.empty()) << "the row's, of AWS";
  builder.here("azure", "eastus");
  EXPECT_TRUE(match_wrong_service(builder.build()).decide_by.starts_with("az ")) << "of Azure";
  CaseBuilder endpoint("vpce-0a-b.vpce-svc-0c.us-east-1.vpce.amazonaws.com:4000");
  endpoint.connect(kThere).then(Phase::greeting).tls(true, false, true).login();
  EXPECT_FALSE(match_wrong_service(endpoint.build()).matched) << "no certificate has that name";
  CaseBuilder good(kDedicated);
  EXPECT_FALSE(match_wrong_service(good.works(kThere).build()).matched);
}

TEST(WrongService, AnotherClusterRefusesTheAccountUnlessTheNameIsProven) {
  CaseBuilder builder(kDedicated);
  builder.profile("tidb-dedicated-private").tls_policy(TlsMode::required).connect(kThere);
  builder.then(Phase::greeting).tls(true, true, true).login("account", Failure::mysql_error);
  builder.fact(mysql::key::login_account, true).fact(mysql::key::error_code, std::int64_t{1045});
  const Verdict verdict = match_wrong_service(builder.build());
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_GT(verdict.rank, 100) << "behind user or password";
  EXPECT_EQ(verdict.evidence.front(), builder.last());
  EXPECT_THAT(verdict.bindings, Contains(Pair("sign", "the account is refused")));
  builder.tls_policy(TlsMode::verify_full);
  EXPECT_FALSE(match_wrong_service(builder.build()).matched);
}

TEST(HeatwaveHostname, TheSourcesOwnNameLeadsIntoAnotherVpc) {
  CaseBuilder builder("db.cluster-abc.us-east-1.rds.amazonaws.com");
  builder.profile("heatwave-egress-aurora").timed_out("10.0.0.1:3306");
  EXPECT_EQ(match_heatwave_hostname(builder.build()).confidence, Confidence::likely);
  EXPECT_FALSE(match_heatwave_hostname(builder.profile("aurora-direct").build()).matched);
  CaseBuilder works("db.cluster-abc.us-east-1.rds.amazonaws.com");
  works.profile("heatwave-egress-aurora").works("10.0.0.1:3306");
  EXPECT_FALSE(match_heatwave_hostname(works.build()).matched);
}

}  // namespace
}  // namespace plumb::cloud

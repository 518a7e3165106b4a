#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "checks/mysql/facts.hpp"
#include "tests/checks/mysql/conversation.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::mysql {
namespace {

using Ids = std::vector<std::string_view>;

Ids found(const Conversation& conversation, std::uint16_t code, std::string_view text) {
  const auto hello = test::GreetingFrame().version("8.0.11-TiDB-v8.5.3-serverless").bytes();
  return CaseOf().add(conversation, script({hello, test::err(2, code, text, "HY000")})).found();
}

constexpr std::string_view kMissing =
    "Missing user name prefix. See "
    "https://docs.pingcap.com/tidbcloud/select-cluster-tier#user-name-prefix";
constexpr std::string_view kUnknown =
    "Access denied. Please check your user name and password. See "
    "https://docs.pingcap.com/tidbcloud/select-cluster-tier#user-name-prefix";

TEST(GatewayCauses, UserNamePrefix) {
  EXPECT_EQ(found(with_account(), 1105, kMissing), Ids{"mysql-missing-user-prefix"});
  EXPECT_EQ(found(anonymous(), 1105, kMissing), Ids());
  EXPECT_EQ(found(with_account(), 1105, kUnknown), Ids{"mysql-unknown-user-prefix"});
  EXPECT_EQ(found(with_account(), 1045, kUnknown), Ids{"mysql-unknown-user-prefix"});
}

TEST(GatewayCauses, TextsOfTheGatewayAndTiProxy) {
  EXPECT_EQ(
      found(anonymous(), 1105,
            "Connections using insecure transport are prohibited. See https://docs.pingcap.com"),
      Ids{"mysql-insecure-transport-gateway"});
  EXPECT_EQ(found(anonymous(), 1105,
                  "Due to the usage quota being exhausted, access to the cluster has been denied"),
            Ids{"mysql-usage-quota-exhausted"});
  EXPECT_EQ(
      found(anonymous(), 1105, "No available TiDB instances, please make sure TiDB is available"),
      Ids{"mysql-tiproxy-no-backend"});
  EXPECT_EQ(found(anonymous(), 1105, "something new"), Ids());  // stays unclassified
}

TEST(GatewayCauses, WhiteListOfApsaraDb) {
  CaseOf about;
  about.add(anonymous(),
            script({test::err(0, 2801, "#RDS00ip not in whitelist, client ip is 10.1.2.3.")}));
  EXPECT_EQ(about.found(), Ids{"mysql-rds-ip-whitelist"});
  EXPECT_EQ(bound(about.judge("mysql-rds-ip-whitelist"), "server_sees"), "10.1.2.3");
  EXPECT_EQ(about.judge("mysql-rds-ip-whitelist").confidence, Confidence::possible);
  EXPECT_EQ(found(with_account(), 1045, "#28000ip not in whitelist"),
            Ids{"mysql-rds-ip-whitelist"});
}

Verdict firewall(std::string_view profile, const std::string& text) {
  test::CaseBuilder about("db.example.com:4000");
  about.profile(profile).connect("10.0.0.1:4000").then(Phase::greeting);
  about.login("anonymous", Failure::mysql_error)
      .fact(key::error_code, std::int64_t{1105})
      .fact(key::error_text, text);
  for (const Cause& cause : gateway_causes())
    if (cause.id == "mysql-starter-firewall-or-authorized-networks")
      return cause.match(about.build());
  return Verdict::no("no such row");
}

TEST(GatewayCauses, AnUnknownErrorOfTheGatewayIsACandidateBesideItsOwnWords) {
  const Verdict verdict = firewall("tidb-starter-public-aws", "Connection is not permitted");
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_EQ(verdict.severity, Severity::warning) << "never the root: its text is not known";
  EXPECT_EQ(bound(verdict, "message"), "Connection is not permitted");
  EXPECT_FALSE(firewall("tidb-dedicated-private", "Connection is not permitted").matched);
  EXPECT_FALSE(
      firewall("tidb-starter-public-aws", "Due to the usage quota being exhausted").matched);
}

// Its greeting's capability word tells it; the same silence after TiDB's own tells nothing of a backend.
TEST(GatewayCauses, TiProxyLooksForABackendBeforeItSaysThatThereIsNone) {
  for (const std::uint32_t capabilities : {0x053BE6EFu, 0x051BA6AFu}) {
    test::Script waits =
        script({test::GreetingFrame().version("8.0.11-TiDB-v8.5.3").caps(capabilities).bytes()});
    waits.end = {Failure::timed_out, {}, {}};
    CaseOf about;
    about.add(anonymous(), waits);
    const Verdict verdict = about.judge("mysql-tiproxy-no-backend");
    EXPECT_EQ(verdict.matched, capabilities == 0x053BE6EFu);
    if (!verdict.matched) continue;
    EXPECT_EQ(verdict.confidence, Confidence::likely);
    EXPECT_NE(verdict.decide_by.find("--timeout 25s"), std::string::npos);
  }
}

}  // namespace
}  // namespace plumb::mysql

#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

constexpr std::string_view kMissing = "session-missing-grant";

std::string missing(Purpose purpose, const Strings& grants, const std::string& target) {
  return bound_to(judge(session_case(purpose, target).fact(key::grants, grants), kMissing),
                  "missing");
}

TEST(AccountCauses, DmsReadsTablesAndLog) {
  const std::string shop = "mysql://app@db.example.com:3306/shop";
  const Purpose dms = Purpose::dms_source;
  EXPECT_EQ(missing(dms, {"GRANT USAGE ON *.*"}, shop),
            "REPLICATION SLAVE on *.*, REPLICATION CLIENT on *.*, SELECT on shop.*");
  EXPECT_EQ(missing(dms, {"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.*"}, shop),
            "SELECT on shop.*");
  EXPECT_EQ(
      missing(dms,
              {"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.*", "GRANT SELECT ON `shop`.*"},
              shop),
      "");
  EXPECT_EQ(missing(dms, {"GRANT SELECT, REPLICATION SLAVE, SUPER ON *.*"}, shop), "");
}

TEST(AccountCauses, MariaDbCallsItBinlogMonitor) {
  auto about = mariadb_case(Purpose::dms_source);
  about.fact(key::grants, Strings{"GRANT SELECT, REPLICATION SLAVE ON *.*"});
  const Verdict verdict = judge(about, kMissing);
  EXPECT_EQ(bound_to(verdict, "missing"), "BINLOG MONITOR on *.*");
  EXPECT_EQ(bound_to(verdict, "kind"), "dms-source-mariadb");
  about.fact(key::grants, Strings{"GRANT SELECT, REPLICATION SLAVE, BINLOG MONITOR ON *.*"});
  EXPECT_FALSE(judge(about, kMissing).matched);
}

TEST(AccountCauses, AReplicaNeedsOneRight) {
  EXPECT_EQ(missing(Purpose::replication_source, {"GRANT REPLICATION SLAVE ON *.*"}, "db:3306"),
            "");
  EXPECT_EQ(missing(Purpose::replication_source, {"GRANT ALL ON `shop`.*"}, "db:3306"),
            "REPLICATION SLAVE on *.*");
}

TEST(AccountCauses, TheTargetIsWrittenAndHoldsControlTables) {
  auto about = session_case(Purpose::dms_target, "mysql://app@db.example.com:3306/shop");
  about.fact(key::grants, Strings{"GRANT ALL ON `shop`.*"});
  EXPECT_EQ(found_in(about), Ids{"session-awsdms-control-missing"});
  about.fact(key::grants, Strings{"GRANT ALL ON `shop`.*", "GRANT ALL ON `awsdms\\_control`.*"});
  EXPECT_EQ(found_in(about), Ids{});
  about.fact(key::grants, Strings{"GRANT SELECT ON `shop`.*", "GRANT ALL ON `awsdms_control`.*"});
  EXPECT_EQ(found_in(about), Ids{kMissing});
}

TEST(AccountCauses, WithoutADatabaseAnyOneWillDo) {
  auto about = session_case(Purpose::dms_target);
  about.fact(key::grants, Strings{"GRANT ALL ON `a`.*", "GRANT ALL ON `awsdms_control`.*"});
  EXPECT_EQ(found_in(about), Ids{});
}

TEST(AccountCauses, TidbNeedsNoRightOnALogItDoesNotHave) {
  auto about = session_case(Purpose::dms_source).fact(key::server, std::string("tidb"));
  about.fact(key::grants, Strings{"GRANT SELECT ON *.*"});
  EXPECT_FALSE(judge(about, kMissing).matched);
}

TEST(AccountCauses, RightsThatAreNotVisibleAreNotMissing) {
  test::CaseBuilder about("db.example.com:3306");
  about.purpose(Purpose::dms_target).resolved({"10.0.0.1"}).works("10.0.0.1:3306");
  about.then(Phase::session).fact(key::version, std::string("8.0.36"));
  EXPECT_EQ(found_in(about), Ids{});
}

TEST(AccountCauses, TlsIsAskedOfAChannelAndAdvisedForDms) {
  const auto severity = [](Purpose purpose) {
    return judge(session_case(purpose).fact(key::requires_ssl, false), "session-account-not-ssl")
        .severity;
  };
  EXPECT_EQ(severity(Purpose::replication_source), Severity::warning);
  EXPECT_EQ(severity(Purpose::dms_source), Severity::info);
  EXPECT_EQ(severity(Purpose::dms_target), Severity::info);
}

TEST(AccountCauses, TheHostPartMattersToTheReplicaWhichComesFromElsewhere) {
  const std::string narrow("app@10.0.0.%");
  const Verdict verdict =
      judge(session_case(Purpose::replication_source).fact(key::current_user, narrow),
            "session-account-host-part");
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(bound_to(verdict, "account_host"), "10.0.0.%");
  EXPECT_FALSE(judge(session_case(Purpose::dms_source).fact(key::current_user, narrow),
                     "session-account-host-part")
                   .matched);
}

}  // namespace
}  // namespace plumb::session

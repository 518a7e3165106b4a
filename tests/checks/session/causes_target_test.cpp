#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

constexpr Purpose kTarget = Purpose::dms_target, kDms = Purpose::dms_source,
                  kChannel = Purpose::replication_source;

TEST(TargetCauses, AnsiQuotesBreakTheLoad) {
  const std::string mode("REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,ANSI");
  EXPECT_EQ(found_in(session_case(kTarget).fact(key::sql_mode, mode)), Ids{"session-sql-mode"});
  EXPECT_EQ(found_in(session_case(kDms).fact(key::sql_mode, mode)), Ids{});
}

TEST(TargetCauses, TheTimeZoneOfDmsIsUtcUnderAnyOfItsNames) {
  const auto found = [](Purpose purpose, const std::string& zone) {
    return found_in(session_case(purpose).fact(key::time_zone, zone));
  };
  for (const char* zone : {"UTC", "+00:00", "Etc/UTC", "GMT"}) EXPECT_EQ(found(kDms, zone), Ids{});
  for (const char* zone : {"CET", "+01:00", "US/Pacific"}) {
    EXPECT_EQ(found(kDms, zone), Ids{"session-time-zone"}) << zone;
    EXPECT_EQ(found(kTarget, zone), Ids{"session-time-zone"}) << zone;
    EXPECT_EQ(found(kChannel, zone), Ids{}) << zone;
  }
}

TEST(TargetCauses, CaseOfNamesWeighsByPurpose) {
  const auto severity = [](Purpose purpose, std::int64_t value) {
    auto about = session_case(purpose).fact(key::lower_case_table_names, value);
    return judge(about, "session-lower-case-table-names").severity;
  };
  EXPECT_EQ(severity(kChannel, 1), Severity::warning);
  EXPECT_EQ(severity(kChannel, 2), Severity::error);
  EXPECT_EQ(severity(kDms, 2), Severity::warning);
  EXPECT_EQ(severity(kTarget, 1), Severity::info);
  auto tidb = session_case(kTarget).fact(key::lower_case_table_names, std::int64_t{2});
  tidb.fact(key::server, std::string("tidb"));
  EXPECT_EQ(found_in(tidb), Ids{});
}

TEST(TargetCauses, ForeignKeyChecksThatStayOn) {
  auto about = session_case(kTarget).fact(key::foreign_key_checks_refused, std::string("no"));
  EXPECT_EQ(found_in(about), Ids{"session-foreign-key-checks"});
}

}  // namespace
}  // namespace plumb::session

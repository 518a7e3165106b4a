#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

constexpr Purpose kDms = Purpose::dms_source, kChannel = Purpose::replication_source;

TEST(BinlogCauses, AServerThatIsSetUpHasNone) {
  for (const Purpose purpose : {kDms, kChannel, Purpose::dms_target, Purpose::connect})
    EXPECT_EQ(found_in(session_case(purpose)), Ids{}) << to_string(purpose);
}

TEST(BinlogCauses, EachMissAloneIsItsOwn) {
  const std::string statement("STATEMENT"), minimal("MINIMAL"), crc("CRC32");
  EXPECT_EQ(found_in(session_case(kDms).fact(key::log_bin, false)), Ids{"session-log-bin-off"});
  EXPECT_EQ(found_in(session_case(kDms).fact(key::binlog_format, statement)),
            Ids{"session-binlog-format-not-row"});
  EXPECT_EQ(found_in(session_case(kDms).fact(key::binlog_row_image, minimal)),
            Ids{"session-binlog-row-image-not-full"});
  EXPECT_EQ(found_in(session_case(kDms).fact(key::binlog_checksum, crc)),
            Ids{"session-binlog-checksum"});
  EXPECT_EQ(found_in(session_case(kChannel).fact(key::server_id, std::int64_t{0})),
            Ids{"session-server-id-zero"});
  EXPECT_EQ(found_in(session_case(kChannel).fact(key::binlog_checksum, crc)), Ids{});
}

TEST(BinlogCauses, WithoutALogItsFormatIsNoMatter) {
  auto about = session_case(kDms).fact(key::log_bin, false);
  about.fact(key::binlog_format, std::string("OFF")).fact(key::server_id, std::int64_t{0});
  EXPECT_EQ(found_in(about), Ids{"session-log-bin-off"});
}

TEST(BinlogCauses, AReplicaAppliesASmallImageWhichDmsDoesNot) {
  const std::string small("NOBLOB");
  const auto severity = [&](Purpose purpose) {
    return judge(session_case(purpose).fact(key::binlog_row_image, small),
                 "session-binlog-row-image-not-full")
        .severity;
  };
  EXPECT_EQ(severity(kDms), Severity::error);
  EXPECT_EQ(severity(kChannel), Severity::warning);
}

TEST(BinlogCauses, RetentionCountsFromADayOnAndZeroIsForEver) {
  const auto kept = [](std::int64_t seconds) {
    return judge(session_case(kDms).fact(key::binlog_retention_s, seconds),
                 "session-binlog-retention-short");
  };
  EXPECT_FALSE(kept(0).matched);
  EXPECT_FALSE(kept(86400).matched);
  EXPECT_TRUE(kept(86399).matched);
  EXPECT_EQ(bound_to(kept(7200), "kept"), "2 hours");
  EXPECT_EQ(bound_to(kept(3600), "kept"), "1 hour");
  EXPECT_EQ(bound_to(kept(90), "kept"), "90 seconds");
}

TEST(BinlogCauses, OnRdsTheProceduresHoursCountAndNotTheVariable) {
  const auto aurora = [](const std::string& hours) {
    auto about = session_case(kChannel).fact(key::server, std::string("aurora"));
    about.fact(key::binlog_retention_s, std::int64_t{60});
    if (!hours.empty()) about.fact(key::rds_retention_hours, hours);
    return judge(about, "session-binlog-retention-short");
  };
  EXPECT_EQ(aurora("NULL").severity, Severity::error);
  EXPECT_EQ(aurora("12").severity, Severity::warning);
  EXPECT_FALSE(aurora("144").matched);
  EXPECT_FALSE(aurora("").matched);  // not visible is not short
  EXPECT_EQ(bound_to(aurora("12"), "kind"), "aurora");
}

TEST(BinlogCauses, GtidOffIsANoteWithThePositionAndHalfWayIsAWarning) {
  auto about = session_case(kChannel).fact(key::gtid_mode, std::string("OFF"));
  about.fact(key::binlog_file, std::string("binlog.000007"));
  about.fact(key::binlog_position, std::int64_t{1571});
  const Verdict off = judge(about, "session-gtid-mode");
  EXPECT_EQ(off.severity, Severity::info);
  EXPECT_EQ(bound_to(off, "where"), "now file binlog.000007, position 1571");
  about.fact(key::gtid_mode, std::string("ON_PERMISSIVE"));
  EXPECT_EQ(judge(about, "session-gtid-mode").severity, Severity::warning);
  EXPECT_FALSE(
      judge(session_case(kDms).fact(key::gtid_mode, std::string("OFF")), "session-gtid-mode")
          .matched);
}

TEST(BinlogCauses, NothingIsSaidOfWhatIsNotTold) {
  test::CaseBuilder about("db.example.com:3306");
  about.purpose(kDms).resolved({"10.0.0.1"}).works("10.0.0.1:3306").then(Phase::session);
  about.fact(key::version, std::string("8.0.36"));
  EXPECT_EQ(found_in(about), Ids{});
}

}  // namespace
}  // namespace plumb::session

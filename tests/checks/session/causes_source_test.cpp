#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

constexpr std::string_view kUnsupported = "session-unsupported-source";
constexpr Purpose kChannel = Purpose::replication_source, kDms = Purpose::dms_source;

test::CaseBuilder is_a(Purpose purpose, const std::string& server, const std::string& version) {
  return session_case(purpose).fact(key::server, server).fact(key::version, version);
}

TEST(SourceCauses, HeatWaveFollowsMySqlOnly) {
  EXPECT_EQ(found_in(mariadb_case(kChannel)), Ids{kUnsupported});
  EXPECT_EQ(bound_to(judge(mariadb_case(kChannel), kUnsupported), "kind"), "mariadb");
  EXPECT_TRUE(judge(is_a(kChannel, "rds", "10.11.6-MariaDB-log"), kUnsupported).matched);
  EXPECT_TRUE(judge(is_a(kChannel, "tidb", "8.0.11-TiDB-v8.5.1"), kUnsupported).matched);
  EXPECT_TRUE(judge(is_a(kChannel, "mysql", "5.7.8"), kUnsupported).matched);
  for (const char* version : {"5.7.9-log", "8.0.36", "9.7.0"})
    EXPECT_FALSE(judge(is_a(kChannel, "mysql", version), kUnsupported).matched) << version;
}

TEST(SourceCauses, AMariaDbThatCannotBeASourceIsToldOfNoSettings) {
  auto about = mariadb_case(kChannel).fact(key::binlog_format, std::string("MIXED"));
  EXPECT_EQ(found_in(about), Ids{kUnsupported});
}

TEST(SourceCauses, DmsReadsMariaDbButNoAuroraReader) {
  EXPECT_FALSE(judge(mariadb_case(kDms), kUnsupported).matched);
  auto reader = is_a(kDms, "aurora", "8.0.28");
  reader.fact(key::read_only_by, Strings{"read_only", "innodb_read_only"});
  EXPECT_EQ(bound_to(judge(reader, kUnsupported), "kind"), "aurora-reader");
  EXPECT_FALSE(judge(is_a(kDms, "aurora", "8.0.28"), kUnsupported).matched);
}

TEST(SourceCauses, TheReplicaMayBeOfTheSameVersion) {
  const auto with_replica = [](const std::string& version) {
    Case about = session_case(kChannel).build();
    about.policy.replica_version = version;
    for (const Cause& row : causes())
      if (row.id == "session-replica-older-than-source") return row.match(about).matched;
    return false;
  };
  EXPECT_TRUE(with_replica("8.0.28"));
  EXPECT_TRUE(with_replica("5.7.44"));
  EXPECT_FALSE(with_replica("8.0.36"));
  EXPECT_FALSE(with_replica("8.4.0"));
  EXPECT_FALSE(with_replica(""));
}

TEST(SourceCauses, TidbHasNoChangesToReadWhichIsKnownOnItsProfiles) {
  auto about = is_a(kDms, "tidb", "8.0.11-TiDB-v8.5.1");
  about.fact(key::log_bin, false).fact(key::binlog_format, std::string("STATEMENT"));
  EXPECT_EQ(found_in(about), Ids{"session-tidb-full-load-only"});
  EXPECT_EQ(judge(about, "session-tidb-full-load-only").severity, Severity::warning);
  about.profile("tidb-dedicated-private");
  EXPECT_EQ(judge(about, "session-tidb-full-load-only").severity, Severity::info);
}

}  // namespace
}  // namespace plumb::session

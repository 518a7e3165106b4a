#include "checks/session/variables.hpp"

#include <gtest/gtest.h>

#include "checks/session/facts.hpp"

namespace plumb::session {
namespace {

using Variables = std::map<std::string, std::string>;

Facts described(const Variables& variables, const std::string& version = "8.0.36") {
  Facts facts;
  facts.set(key::version, version);
  describe_variables(variables, facts);
  return facts;
}

std::string kind(const Variables& variables, const std::string& version = "8.0.36") {
  return described(variables, version).get_or(key::server, std::string());
}

TEST(Variables, TheKindOfServer) {
  EXPECT_EQ(kind({}), "mysql");
  EXPECT_EQ(kind({{"aurora_version", "3.04.0"}, {"basedir", "/rdsdbbin/oscar/"}}), "aurora");
  EXPECT_EQ(kind({{"basedir", "/rdsdbbin/mysql/"}}), "rds");
  EXPECT_EQ(kind({}, "10.11.6-MariaDB"), "mariadb");
  EXPECT_EQ(kind({{"version_comment", "TiDB Server (Apache License 2.0)"}}), "tidb");
  EXPECT_EQ(kind({}, "8.4.0-u2-cloud"), "heatwave");
}

TEST(Variables, WhoItIs) {
  Facts facts;
  describe_identity({{"server_uid", "MCtoP7Vg5q="},
                     {"hostname", "db-1"},
                     {"server_id", "7"},
                     {"aurora_server_id", "writer-1"},
                     {"innodb_read_only", "ON"}},
                    facts);
  EXPECT_EQ(*facts.get(key::server_uuid), "MCtoP7Vg5q=");
  EXPECT_EQ(*facts.get(key::hostname), "db-1");
  EXPECT_EQ(*facts.get(key::server_id), 7);
  EXPECT_EQ(*facts.get(key::instance), "writer-1");
  EXPECT_EQ(*facts.get(key::read_only_by), std::vector<std::string>{"innodb_read_only"});
  EXPECT_FALSE(facts.has(key::server));
  const std::string asked = quoted_identity_variables();
  EXPECT_EQ(asked.find("sql_mode"), asked.npos);
  EXPECT_EQ(quoted_variables().find(asked), 0u);
}

TEST(Variables, RetentionInSecondsOrTheDaysOfOlderServers) {
  const auto kept = [](const Variables& variables) {
    return described(variables).get_or(key::binlog_retention_s, std::int64_t{-1});
  };
  EXPECT_EQ(kept({{"binlog_expire_logs_seconds", "2592000"}, {"expire_logs_days", "0"}}), 2592000);
  EXPECT_EQ(kept({{"binlog_expire_logs_seconds", "0"}, {"expire_logs_days", "10"}}), 864000);
  EXPECT_EQ(kept({{"binlog_expire_logs_seconds", "0"}, {"expire_logs_days", "0.000000"}}), 0);
  EXPECT_EQ(kept({{"binlog_expire_logs_seconds", "0"}}), 0);
  EXPECT_EQ(kept({{"expire_logs_days", "0.500000"}}), 43200);
  EXPECT_EQ(kept({{"expire_logs_days", "1e300"}}), -1);
  EXPECT_EQ(kept({}), -1);
}

TEST(Variables, AnyOfThemMakesItReadOnly) {
  const auto by = [](const Variables& variables) {
    return described(variables).get_or(key::read_only_by, std::vector<std::string>{"?"});
  };
  EXPECT_EQ(by({{"read_only", "OFF"}, {"super_read_only", "0"}}), std::vector<std::string>{});
  EXPECT_EQ(by({{"read_only", "ON"}, {"innodb_read_only", "1"}}),
            (std::vector<std::string>{"read_only", "innodb_read_only"}));
  EXPECT_EQ(by({}), std::vector<std::string>{"?"});
}

TEST(Variables, TheSystemsTimeZoneStandsForSystem) {
  const auto zone = [](const Variables& variables) {
    return described(variables).get_or(key::time_zone, std::string("?"));
  };
  EXPECT_EQ(zone({{"time_zone", "SYSTEM"}, {"system_time_zone", "CET"}}), "CET");
  EXPECT_EQ(zone({{"time_zone", "+02:00"}, {"system_time_zone", "UTC"}}), "+02:00");
  EXPECT_EQ(zone({}), "?");
}

TEST(Variables, WhatAServerDoesNotHaveGivesNoFact) {
  const Facts facts = described({{"server_uid", "abc="}, {"log_bin", "OFF"}});
  EXPECT_FALSE(facts.has(key::gtid_mode));
  EXPECT_FALSE(facts.has(key::server_id));
  EXPECT_EQ(facts.get_or(key::server_uuid, std::string()), "abc=");
  EXPECT_FALSE(facts.get_or(key::log_bin, true));
}

TEST(Variables, EveryOneThatIsReadIsAskedFor) {
  for (const char* name : {"aurora_version", "binlog_format", "super_read_only", "time_zone"})
    EXPECT_NE(quoted_variables().find("'" + std::string(name) + "'"), std::string::npos) << name;
}

TEST(Variables, NumbersFromTheBeginning) {
  EXPECT_EQ(number_of("0.000000"), 0);
  EXPECT_EQ(number_of("17x"), 17);
  EXPECT_FALSE(number_of(""));
  EXPECT_FALSE(number_of("x"));
}

}  // namespace
}  // namespace plumb::session

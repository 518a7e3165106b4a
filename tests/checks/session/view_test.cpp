#include "checks/session/view.hpp"

#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

Observation seen_as(const std::string& server, const std::string& version) {
  Observation seen;
  seen.n = 7;
  seen.phase = Phase::session;
  seen.facts.set(key::server, server);
  seen.facts.set(key::version, version);
  seen.facts.set(key::current_user, std::string("a@b@10.%"));
  return seen;
}

TEST(SessionView, OnlyASessionThatLearntSomethingIsOne) {
  EXPECT_NE(session_of(session_case(Purpose::connect).build()), nullptr);
  test::CaseBuilder none("db.example.com:3306");
  none.resolved({"10.0.0.1"}).works("10.0.0.1:3306").then(Phase::session, Failure::not_visible);
  EXPECT_EQ(session_of(none.build()), nullptr);
}

TEST(SessionView, WhatAPersonCallsTheServer) {
  EXPECT_EQ(name_of_server(seen_as("mysql", "8.4.0")), "MySQL 8.4.0");
  EXPECT_EQ(name_of_server(seen_as("mariadb", "10.11.6-MariaDB")), "MariaDB 10.11.6-MariaDB");
  EXPECT_EQ(name_of_server(seen_as("tidb", "8.0.11-TiDB-v8.5.1")), "TiDB 8.0.11-TiDB-v8.5.1");
  EXPECT_EQ(name_of_server(seen_as("aurora", "8.0.28")), "Aurora MySQL 8.0.28");
  EXPECT_TRUE(is_mariadb(seen_as("rds", "10.11.6-MariaDB-log")));
}

TEST(SessionView, TheHostPartStandsBehindTheLastAt) {
  EXPECT_EQ(account_host(seen_as("mysql", "8.4.0")), "10.%");
}

TEST(SessionView, ARulesOwnKindWinsOverTheServers) {
  const Verdict plain = found(seen_as("aurora", "8.0.28"), Confidence::certain, Severity::error);
  EXPECT_EQ(bound_to(plain, "kind"), "aurora");
  EXPECT_EQ(plain.evidence, std::vector<int>{7});
  const Verdict own = found(seen_as("aurora", "8.0.28"), Confidence::certain, Severity::error,
                            {{"kind", "dms"}, {"value", "x"}});
  EXPECT_EQ(own.bindings.front().second, "dms");
  EXPECT_EQ(bound_to(own, "value"), "x");
}

TEST(SessionView, ConnectIsNoJob) {
  EXPECT_FALSE(is_for(Purpose::connect, For::any_job));
  EXPECT_TRUE(is_for(Purpose::dms_source, For::sources));
  EXPECT_FALSE(is_for(Purpose::dms_target, For::sources));
  EXPECT_TRUE(is_for(Purpose::replication_source, For::sources));
}

}  // namespace
}  // namespace plumb::session

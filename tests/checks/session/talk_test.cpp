#include "checks/session/talk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "checks/session/facts.hpp"

namespace plumb::session {
namespace {

using wire::SessionResult;
using Strings = std::vector<std::string>;
using Server = std::function<SessionResult(const std::string&)>;

SessionResult row(const Strings& cells) {
  SessionResult result;
  std::vector<SessionResult::Cell> out;
  for (const std::string& cell : cells) {
    result.columns.emplace_back("c");
    out.emplace_back(cell);
  }
  result.rows.push_back(std::move(out));
  return result;
}

SessionResult error(unsigned code, const std::string& text) {
  SessionResult result;
  result.error = wire::SessionError{code, "", text};
  return result;
}

struct Held {
  Strings statements;
  Observation seen;
};

// `answers`: how many are given before the connection is lost.
Held hold(Purpose purpose, const Server& server, std::size_t answers = 100) {
  Talk talk(purpose);
  Held held;
  for (auto statement = talk.next(nullptr); statement;) {
    held.statements.push_back(*statement);
    if (held.statements.size() > answers) break;
    const SessionResult result = server(*statement);
    statement = talk.next(&result);
  }
  held.seen = talk.observation();
  return held;
}

bool begins(const std::string& statement, std::string_view with) {
  return statement.starts_with(with);
}

SessionResult mysql(const std::string& statement) {
  if (begins(statement, "SELECT VERSION")) return row({"8.4.0", "dms@%", "dms@10.0.0.5"});
  if (begins(statement, "SHOW SESSION STATUS")) {
    SessionResult result = row({"Ssl_cipher", "TLS_AES_256_GCM_SHA384"});
    result.rows.push_back({"Ssl_version", "TLSv1.3"});
    return result;
  }
  if (begins(statement, "SHOW GLOBAL VARIABLES")) return row({"log_bin", "ON"});
  if (statement.find(" USING ") != std::string::npos)
    return row({"GRANT REPLICATION SLAVE ON *.* TO `dms`@`%`"});
  if (begins(statement, "SHOW GRANTS")) return row({"GRANT SELECT ON `shop`.* TO `dms`@`%`"});
  if (begins(statement, "SELECT CURRENT_ROLE")) return row({"`r`@`%`"});
  if (begins(statement, "SHOW CREATE USER"))
    return row(
        {"CREATE USER `dms`@`%` IDENTIFIED WITH 'caching_sha2_password' AS '$A$005$hash' "
         "REQUIRE SSL PASSWORD EXPIRE DEFAULT"});
  if (begins(statement, "SHOW BINARY LOG STATUS")) return row({"binlog.000002", "158", "", ""});
  return {};
}

TEST(SessionTalk, ConnectAsksWhoAnswersAndNoMore) {
  const Held held = hold(Purpose::connect, mysql);
  EXPECT_EQ(held.statements.size(), 3U);
  EXPECT_EQ(held.seen.phase, Phase::session);
  EXPECT_FALSE(held.seen.failure);
  EXPECT_EQ(held.seen.facts.get_or(key::user, std::string()), "dms@10.0.0.5");
  EXPECT_EQ(held.seen.facts.get_or(key::tls_version, std::string()), "TLSv1.3");
  EXPECT_FALSE(held.seen.facts.has(key::hidden));
}

TEST(SessionTalk, ASourceTellsRightsOfItsRolesAndWhereTheLogStands) {
  const Held held = hold(Purpose::replication_source, mysql);
  EXPECT_EQ(held.seen.facts.get_or(key::grants, Strings{}),
            (Strings{"GRANT SELECT ON `shop`.*", "GRANT REPLICATION SLAVE ON *.*"}));
  EXPECT_EQ(held.seen.facts.get_or(key::binlog_file, std::string()), "binlog.000002");
  EXPECT_EQ(held.seen.facts.get_or(key::binlog_position, std::int64_t{0}), 158);
  EXPECT_TRUE(held.seen.facts.get_or(key::requires_ssl, false));
}

TEST(SessionTalk, NoHashOfAPasswordIsKept) {
  const Held held = hold(Purpose::dms_source, [](const std::string& statement) {
    if (begins(statement, "SHOW GRANTS"))
      return row({"GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*hash'"});
    return mysql(statement);
  });
  const auto is_clean = [](const std::string& text) { return text.find("hash") == text.npos; };
  for (const auto& [fact, value] : held.seen.facts) {
    const std::string_view name = fact;
    if (const auto* text = std::get_if<std::string>(&value)) {
      EXPECT_TRUE(is_clean(*text)) << name;
    }
    if (const auto* texts = std::get_if<Strings>(&value)) {
      EXPECT_TRUE(std::ranges::all_of(*texts, is_clean)) << name;
    }
  }
}

TEST(SessionTalk, AnOlderMySqlIsAskedInItsOwnWords) {
  const Held held = hold(Purpose::replication_source, [](const std::string& statement) {
    if (begins(statement, "SHOW BINARY LOG STATUS")) return error(1064, "syntax");
    if (begins(statement, "SHOW MASTER STATUS")) return row({"mysql-bin.000009", "4"});
    return mysql(statement);
  });
  EXPECT_EQ(held.seen.facts.get_or(key::binlog_file, std::string()), "mysql-bin.000009");
  EXPECT_FALSE(held.seen.facts.has(key::hidden));
}

TEST(SessionTalk, AMissingRightHidesAndEndsNothing) {
  const Held held = hold(Purpose::dms_source, [](const std::string& statement) {
    return begins(statement, "SHOW BINARY") ? error(1227, "Access denied") : mysql(statement);
  });
  EXPECT_EQ(held.seen.facts.get_or(key::hidden, Strings{}),
            Strings{"binary log file and position: error 1227, Access denied"});
  EXPECT_FALSE(held.seen.failure);
}

TEST(SessionTalk, RdsIsAskedByItsProcedure) {
  const Held held = hold(Purpose::dms_source, [](const std::string& statement) {
    if (begins(statement, "SHOW GLOBAL")) return row({"basedir", "/rdsdbbin/mysql-8.0/"});
    if (!begins(statement, "CALL")) return mysql(statement);
    SessionResult result = row({"binlog retention hours", "x"});
    result.rows.front()[1].reset();
    return result;
  });
  EXPECT_EQ(held.seen.facts.get_or(key::rds_retention_hours, std::string()), "NULL");
}

TEST(SessionTalk, ATargetTriesWhatDmsSendsFirst) {
  const auto refuse = [](const std::string& statement) {
    return begins(statement, "SET FOREIGN_KEY_CHECKS") ? error(1227, "no") : mysql(statement);
  };
  EXPECT_EQ(hold(Purpose::dms_target, refuse)
                .seen.facts.get_or(key::foreign_key_checks_refused, std::string()),
            "no");
  EXPECT_FALSE(hold(Purpose::dms_target, mysql).seen.facts.has(key::foreign_key_checks_refused));
}

TEST(SessionTalk, LostAfterAnyAnswerItKeepsWhatItLearnt) {
  for (const Purpose purpose :
       {Purpose::connect, Purpose::dms_source, Purpose::dms_target, Purpose::replication_source}) {
    const std::size_t all = hold(purpose, mysql).statements.size();
    for (std::size_t answers = 0; answers < all; ++answers) {
      const Observation seen = hold(purpose, mysql, answers).seen;
      EXPECT_EQ(seen.facts.has(key::version), answers >= 1);
      EXPECT_EQ(seen.facts.has(key::tls_version), answers >= 2);
      EXPECT_EQ(seen.facts.has(key::server), answers >= 3);
    }
  }
}

TEST(SessionTalk, AServerThatAnswersNothingSensibleEndsTheTalkAllTheSame) {
  for (const SessionResult& odd : {SessionResult{}, error(9999, "\x1b[2J"), row({""})}) {
    const Held held = hold(Purpose::dms_source, [&](const std::string&) { return odd; });
    EXPECT_LE(held.statements.size(), 12U);
  }
}

}  // namespace
}  // namespace plumb::session

#include "src/scenario_session.hpp"

#include <gtest/gtest.h>

#include "checks/session/facts.hpp"
#include "checks/session/talk.hpp"

namespace plumb {
namespace {

Observation held(const std::string& yaml, Purpose purpose) {
  const auto server =
      session_of_story(yaml.empty() ? YAML::Node(YAML::NodeType::Undefined) : YAML::Load(yaml));
  session::Talk talk(purpose);
  wire::SessionResult result;
  for (auto statement = talk.next(nullptr); statement; statement = talk.next(&result))
    result = server(*statement);
  return talk.observation();
}

TEST(ScenarioSession, WithoutAStoryTheServerServesEveryPurpose) {
  const Facts facts = held("", Purpose::replication_source).facts;
  EXPECT_TRUE(facts.get_or(session::key::log_bin, false));
  EXPECT_EQ(facts.get_or(session::key::binlog_position, std::int64_t{0}), 1571);
  EXPECT_FALSE(facts.has(session::key::hidden));
}

TEST(ScenarioSession, AStoryChangesWhatItMentions) {
  const Facts facts =
      held(
          "{version: 5.7.44, variables: {aurora_version: 2.1}, without: [gtid_mode],"
          " retention_hours: 'NULL', requires_tls: false,"
          " errors: {SHOW BINARY: {error: 1227, text: no}}}",
          Purpose::dms_source)
          .facts;
  EXPECT_EQ(facts.get_or(session::key::server, std::string()), "aurora");
  EXPECT_FALSE(facts.has(session::key::gtid_mode));
  EXPECT_FALSE(facts.get_or(session::key::requires_ssl, true));
  EXPECT_EQ(facts.get_or(session::key::rds_retention_hours, std::string()), "NULL");
  EXPECT_TRUE(facts.has(session::key::hidden));
}

TEST(ScenarioSession, AnUnknownKeyIsAnError) {
  EXPECT_THROW(session_of_story(YAML::Load("{grant: []}")), YAML::Exception);
}

}  // namespace
}  // namespace plumb

#include "src/scenario_story.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"

namespace plumb {
namespace {

const WallTime kNow = *parse_rfc3339("2026-11-21T00:00:00Z");

ServerStory story(const char* yaml) { return read_server_story(YAML::Load(yaml), kNow); }

TEST(ScenarioStory, DefaultsAreAHealthyServerThatRefusesTheAnonymousLogin) {
  const ServerStory read = story("{}");
  EXPECT_TRUE(read.offers_tls);
  EXPECT_FALSE(read.account.error);
  ASSERT_TRUE(read.anonymous.error);
  EXPECT_EQ(read.anonymous.error->code, 1045u);
  EXPECT_TRUE(read.tls.report.completed);
  EXPECT_TRUE(read.tls.report.chain_ok);
  EXPECT_TRUE(read.tls.report.dates_ok);
  EXPECT_FALSE(read.tls.report.failure);
}

TEST(ScenarioStory, GreetingInAWordOrInDetail) {
  EXPECT_EQ(story("{greeting: eof}").silence, Failure::eof);
  EXPECT_EQ(story("{greeting: silent}").silence, Failure::timed_out);
  EXPECT_EQ(story("{greeting: {error: 1129, text: x}}").refuses->code, 1129u);
  EXPECT_EQ(story("{greeting: {version: 9.1.0, tls: false}}").version, "9.1.0");
  EXPECT_EQ(story("{says: 'SSH-2.0'}").says, "SSH-2.0");
  EXPECT_THROW(story("{greeting: {verson: 9.1.0}}"), YAML::Exception);
}

TEST(ScenarioStory, DatesCountFromNow) {
  const ServerStory expired = story("{tls: {names: [a], expires_in: -3d, lifetime: 90d}}");
  EXPECT_EQ(expired.tls.report.failure, Failure::certificate_expired);
  EXPECT_FALSE(expired.tls.report.dates_ok);
  EXPECT_TRUE(expired.tls.report.chain_ok);
  EXPECT_EQ(*expired.tls.report.facts.get(key::tls_not_after), "2026-11-18T00:00:00Z");
  const ServerStory early = story("{tls: {expires_in: 90d, lifetime: 80d}}");
  EXPECT_EQ(early.tls.report.failure, Failure::certificate_not_yet_valid);
}

TEST(ScenarioStory, AnUntrustedChainKeepsItsCertificates) {
  const ServerStory read =
      story("{tls: {names: [a], verify_code: 19, chain: ['CN=Root', 'CN=Root']}}");
  EXPECT_EQ(read.tls.report.failure, Failure::certificate_untrusted);
  const auto* chain = read.tls.report.facts.get(key::tls_chain);
  ASSERT_TRUE(chain);
  ASSERT_EQ(chain->size(), 3u);
  EXPECT_EQ(*(*chain)[0].get(key::cert_subject), "CN=a");
  EXPECT_FALSE(*(*chain)[1].get(key::cert_self_signed));
  EXPECT_TRUE(*(*chain)[2].get(key::cert_self_signed));
}

TEST(ScenarioStory, AHandshakeThatFails) {
  const ServerStory read = story("{tls: {failure: tls_alert, alert: 70}}");
  EXPECT_FALSE(read.tls.report.completed);
  EXPECT_EQ(read.tls.report.failure, Failure::tls_alert);
  EXPECT_EQ(*read.tls.report.facts.get(key::tls_alert), 70);
}

TEST(ScenarioStory, HowALoginEnds) {
  EXPECT_EQ(story("{login: silent}").account.breaks, Failure::timed_out);
  EXPECT_FALSE(story("{anonymous: ok}").anonymous.error);
  const LoginStory login = story("{login: {error: 1045, switch: dialog, after: 2s}}").account;
  EXPECT_EQ(login.error->sqlstate, "28000");
  EXPECT_EQ(login.switch_to, "dialog");
  EXPECT_EQ(login.after, std::chrono::seconds(2));
}

}  // namespace
}  // namespace plumb

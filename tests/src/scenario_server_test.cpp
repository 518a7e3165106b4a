#include "src/scenario_server.hpp"

#include <gtest/gtest.h>

#include "checks/mysql/identity.hpp"
#include "checks/mysql/packet.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

wire::View payload_of(const net::Line& line) { return wire::View(line.bytes).subspan(4); }

wire::Bytes login_as(std::string_view user, std::uint8_t sequence) {
  mysql::LoginRequest request;
  request.capabilities = mysql::capability::kProtocol41 | mysql::capability::kSecureConnection;
  request.user = user;
  return mysql::handshake_response(sequence, request);
}

TEST(StoryServer, GreetsAsToldAndOffersTls) {
  ServerStory story;
  story.version = "8.4.3";
  StoryServer server(story);
  const net::Line line = server.speak();
  const auto greeting = mysql::parse_greeting(payload_of(line));
  ASSERT_TRUE(greeting);
  EXPECT_EQ(greeting->version, "8.4.3");
  EXPECT_EQ(greeting->plugin, "caching_sha2_password");
  EXPECT_EQ(greeting->nonce.size(), mysql::kNonceSize);
  EXPECT_TRUE(greeting->offers(mysql::capability::kSsl));
  EXPECT_TRUE(greeting->offers(mysql::capability::kLongPassword));

  story.offers_tls = false;
  story.version = "5.5.5-10.11.6-MariaDB";
  StoryServer plain(story);
  const net::Line plain_line = plain.speak();
  EXPECT_FALSE(mysql::parse_greeting(payload_of(plain_line))->offers(mysql::capability::kSsl));
}

TEST(StoryServer, AnswersAccountAndAnonymousApartThenCloses) {
  ServerStory story;
  story.anonymous.error = ServerError{1045, "28000", "no"};
  for (const auto& [user, kind] :
       {std::pair("plumb_probe", mysql::Kind::error), std::pair("app", mysql::Kind::ok)}) {
    StoryServer server(story);
    server.speak();
    server.hear(login_as(user, 1));
    const net::Line answer = server.speak();
    EXPECT_EQ(mysql::kind_of(payload_of(answer)), kind) << user;
    EXPECT_EQ(answer.bytes[3], 2) << "sequence follows the client's";
    EXPECT_EQ(server.speak().failure, Failure::eof);
  }
}

TEST(StoryServer, MayGreetLateOrOnlyInsideTls) {
  ServerStory story;
  story.greets_after = std::chrono::seconds(5);
  EXPECT_EQ(StoryServer(story).speak().after, std::chrono::seconds(5));
  story.tls_first = true;
  story.tls.report.completed = true;
  StoryServer server(story);
  EXPECT_EQ(server.speak().failure, Failure::timed_out);
  server.shake_hands({});
  EXPECT_TRUE(mysql::parse_greeting(payload_of(server.speak())));
}

TEST(StoryServer, HearsPacketsCutAnywhere) {
  StoryServer server(ServerStory{});
  server.speak();
  for (const std::uint8_t byte : login_as("app", 1)) server.hear(wire::View(&byte, 1));
  const net::Line answer = server.speak();
  EXPECT_EQ(mysql::kind_of(payload_of(answer)), mysql::Kind::ok);
}

TEST(StoryServer, SwitchesThePluginAndTakesAnEmptyAnswerForARefusal) {
  ServerStory story;
  story.account.switch_to = "sha256_password";
  StoryServer server(story);
  server.speak();
  server.hear(login_as("app", 1));
  const net::Line asked = server.speak();
  ASSERT_EQ(mysql::kind_of(payload_of(asked)), mysql::Kind::auth_switch);
  EXPECT_EQ(mysql::parse_auth_switch(payload_of(asked))->plugin, "sha256_password");
  server.hear(mysql::frame(3, {}));
  const net::Line answer = server.speak();
  EXPECT_EQ(mysql::parse_error(payload_of(answer))->code, 1045);
}

TEST(StoryServer, FullAuthenticationNeedsOneMorePacket) {
  ServerStory story;
  story.account.sha2 = "full";
  StoryServer server(story);
  server.speak();
  server.hear(login_as("app", 1));
  EXPECT_EQ(mysql::kind_of(payload_of(server.speak())), mysql::Kind::auth_more);
  const wire::Bytes password{'p', 'w', 0};
  server.hear(mysql::frame(3, password));
  EXPECT_EQ(mysql::kind_of(payload_of(server.speak())), mysql::Kind::ok);
}

TEST(StoryServer, TellsItsVariablesToWhoeverIsLetIn) {
  ServerStory story;
  story.variables = {{"read_only", "ON"}, {"server_uuid", "abc"}};
  StoryServer server(story);
  server.speak();
  const mysql::IdentityQuestion question;
  server.hear(login_as("app", 1));
  EXPECT_EQ(mysql::kind_of(payload_of(server.speak())), mysql::Kind::ok);
  server.hear(question.ask());
  mysql::TextResult result;
  auto step = mysql::TextResult::Step::listen;
  while (step == mysql::TextResult::Step::listen) {
    const net::Line line = server.speak();
    ASSERT_FALSE(line.bytes.empty());
    step = result.on_packet(payload_of(line));
  }
  EXPECT_EQ(step, mysql::TextResult::Step::over);
  EXPECT_EQ(result.rows(),
            (std::vector<mysql::TextRow>{{"read_only", "ON"}, {"server_uuid", "abc"}}));
  server.hear(mysql::com_quit());
  EXPECT_EQ(server.speak().failure, Failure::eof);
}

TEST(StoryServer, AnErrorInPlaceOfTheGreetingHasNoSqlstate) {
  ServerStory story;
  story.refuses = ServerError{1129, "", "Host is blocked"};
  StoryServer server(story);
  const net::Line line = server.speak();
  const auto error = mysql::parse_error(payload_of(line));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, 1129);
  EXPECT_EQ(error->sqlstate, "");
}

TEST(StoryServer, TheNameIsJudgedByWhatTheClientWants) {
  ServerStory story;
  story.tls.report.completed = true;
  story.tls.names = {"db.example.com"};
  StoryServer server(story);
  wire::TlsSettings client;
  client.server_name = "db.example.com";
  EXPECT_TRUE(server.shake_hands(client).name_ok);
  client.server_name = "10.0.1.10";
  const wire::TlsReport report = server.shake_hands(client);
  EXPECT_FALSE(report.name_ok);
  EXPECT_EQ(report.failure, Failure::certificate_name_mismatch);
  EXPECT_FALSE(report.facts.has(key::tls_sni));
}

}  // namespace
}  // namespace plumb

#include "checks/mysql/handshake.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "checks/mysql/facts.hpp"
#include "checks/session/facts.hpp"
#include "tests/checks/mysql/conversation.hpp"
#include "tests/support/real_packets.hpp"

namespace plumb::mysql {
namespace {

using test::GreetingFrame;
using test::Heard;
using test::play;
using test::Script;
using wire::Bytes;
using wire::Ending;
using namespace std::string_view_literals;

const Bytes kHello = GreetingFrame().bytes();
const Bytes kDenied = test::err(2, 1045, "Access denied for user 'x'@'y'", "28000");

bool logs_in_as(const Bytes& packet, std::string_view user) {
  return test::read_client_login(packet).whole && test::read_client_login(packet).user == user;
}

std::vector<std::size_t> kinds(const Heard& heard) {
  std::vector<std::size_t> all;
  for (const wire::Action& action : heard.actions) all.push_back(action.index());
  return all;
}
constexpr std::size_t kSend = 0, kStartTls = 2, kClose = 3, kFinish = 4;

TEST(Handshake, AnonymousLoginThatIsRefusedIsGood) {
  const Heard heard = play(maker(anonymous()), script({kHello, kDenied}));
  EXPECT_EQ(kinds(heard), (std::vector{kSend, kClose, kFinish}));
  EXPECT_TRUE(logs_in_as(heard.sent()[0], "plumb_probe"));
  EXPECT_EQ(heard.ending, Ending::finished);
  ASSERT_EQ(heard.observations.size(), 2u);
  EXPECT_EQ(heard.observations[0].phase, Phase::greeting);
  EXPECT_EQ(*heard.observations[0].facts.get(key::flavor), "mysql");
  EXPECT_FALSE(heard.observations[1].failure);
  EXPECT_EQ(*heard.observations[1].facts.get(key::login_answered_by), "server");
  EXPECT_EQ(heard.answer->verdict, wire::LoginAnswer::Verdict::refused);
}

TEST(Handshake, AcceptedLoginSaysGoodbye) {
  const Heard heard =
      play(maker(with_account()), script({kHello, test::auth_more(2, 3), test::ok(3)}));
  EXPECT_EQ(kinds(heard), (std::vector{kSend, kSend, kClose, kFinish}));
  EXPECT_EQ(heard.sent()[1], com_quit());
  EXPECT_EQ(heard.ending, Ending::finished);
  EXPECT_EQ(heard.answer->verdict, wire::LoginAnswer::Verdict::accepted);
  EXPECT_TRUE(heard.answer->account);
}

TEST(Handshake, TlsComesBetweenGreetingAndLogin) {
  const Heard heard =
      play(maker(with_account(TlsMode::verify_full)), over_tls(tls_report(), {test::ok(3)}));
  EXPECT_EQ(kinds(heard), (std::vector{kSend, kStartTls, kSend, kSend, kClose, kFinish}));
  EXPECT_EQ(heard.sent()[0].size(), 36u);
  EXPECT_EQ(heard.sent()[0][3], 1);
  const auto login = test::read_client_login(heard.sent()[1]);
  EXPECT_EQ(login.sequence, 2);
  EXPECT_EQ(login.user, "app");
  EXPECT_EQ(login.capabilities, wire::Reader(wire::View(heard.sent()[0]).subspan(4)).u32le());
  Micros sum{0};
  for (const Observation& seen : heard.observations) sum += seen.took;
  EXPECT_EQ(heard.observations.size(), 3u);
  EXPECT_EQ(sum, Micros(1000));  // the script's time until the answer to the login
}

TEST(Handshake, AChannelBelowThePolicyGetsTheAnonymousLogin) {
  for (const auto& report :
       {tls_report(false), tls_report(true, false), tls_report(true, true, false)}) {
    const Heard heard = play(maker(with_account(TlsMode::verify_full, "shop")),
                             over_tls(report, {test::err(3, 1045, "no")}));
    EXPECT_TRUE(logs_in_as(heard.sent()[1], "plumb_probe"));
    EXPECT_EQ(heard.ending, Ending::finished);
    EXPECT_EQ(heard.find(Phase::tls)->failure, report.failure);
    EXPECT_EQ(*heard.find(Phase::login)->facts.get(key::login_as), "anonymous");
  }
}

TEST(Handshake, TlsThatIsNotOfferedIsRecordedAndTheLoginFinished) {
  const Heard heard = play(maker(with_account(TlsMode::required)), script({kHello, kDenied}));
  EXPECT_EQ(heard.find(Phase::tls)->failure, Failure::tls_not_offered);
  EXPECT_TRUE(logs_in_as(heard.sent()[0], "plumb_probe"));
  EXPECT_EQ(heard.ending, Ending::finished);
  const Heard preferred = play(maker(with_account(TlsMode::preferred)), script({kHello, kDenied}));
  EXPECT_EQ(preferred.find(Phase::tls), nullptr);
  EXPECT_TRUE(logs_in_as(preferred.sent()[0], "app"));
}

TEST(Handshake, WithoutTlsByBudgetIsAnonymous) {
  Conversation conversation = with_account(TlsMode::preferred);
  conversation.without_tls = true;
  const Heard heard = play(maker(conversation), over_tls(tls_report(), {kDenied}));
  EXPECT_EQ(kinds(heard), (std::vector{kSend, kClose, kFinish}));
  EXPECT_TRUE(logs_in_as(heard.sent()[0], "plumb_probe"));
}

TEST(Handshake, AnErrorPacketInPlaceOfTlsIsRead) {
  wire::TlsReport report = tls_failed(Failure::tls_protocol);
  report.raw = "wrong version number";
  report.instead = test::err(1, 1130, "Proxy header is not accepted from 10.0.30.1", "HY000");
  const Heard heard = play(maker(anonymous(TlsMode::required)), over_tls(report, {}));
  const Observation& tls = *heard.find(Phase::tls);
  EXPECT_EQ(tls.failure, Failure::tls_protocol);
  EXPECT_EQ(tls.raw, "wrong version number");
  EXPECT_EQ(tls.facts.get_or(key::error_code, std::int64_t{0}), 1130);
  EXPECT_EQ(*tls.facts.get(key::error_text), "Proxy header is not accepted from 10.0.30.1");
}

TEST(Handshake, TlsThatDoesNotCompleteIsADrop) {
  const Heard heard =
      play(maker(anonymous(TlsMode::required)), over_tls(tls_failed(Failure::tls_alert), {}));
  EXPECT_EQ(heard.find(Phase::tls)->failure, Failure::tls_alert);
  EXPECT_TRUE(heard.find(Phase::tls)->facts.get_or(key::dropped_before_login, false));
  EXPECT_EQ(heard.ending, Ending::dropped);
  EXPECT_EQ(heard.find(Phase::login), nullptr);
}

TEST(Handshake, PlainBytesBehindTheGreetingAreNotTakenForTls) {
  Script injected = over_tls(tls_report(), {test::err(3, 1045, "real")});
  const Bytes forged = test::ok(2);
  injected.turns[0].insert(injected.turns[0].end(), forged.begin(), forged.end());
  const Heard heard = play(maker(with_account(TlsMode::verify_full)), injected);
  EXPECT_EQ(heard.answer->verdict, wire::LoginAnswer::Verdict::refused);
}

TEST(Handshake, AnErrorInPlaceOfTheGreeting) {
  const Heard heard = play(maker(anonymous()), script({test::err(0, 1129, "Host 'h' is blocked")}));
  EXPECT_TRUE(heard.sent().empty());
  EXPECT_EQ(heard.ending, Ending::closed_by_peer);
  ASSERT_EQ(heard.observations.size(), 1u);
  EXPECT_EQ(heard.observations[0].failure, Failure::mysql_error);
  EXPECT_EQ(*heard.observations[0].facts.get(key::error_code), 1129);
  EXPECT_FALSE(heard.answer);
}

TEST(Handshake, WhatIsNotMySqlIsNamed) {
  for (const auto& [bytes, name] : {std::pair{"HTTP/1.1 400 Bad Request\r\n\r\n"sv, "http"sv},
                                    {"SSH-2.0-x"sv, "ssh"sv},
                                    {"\x15\x03\x01\0\x02\x02\x46"sv, "tls"sv},
                                    {"\x05\0\0\0\x0b\x08\x05"sv, "mysqlx"sv},
                                    {"hi"sv, "unknown"sv}}) {
    const Bytes turn(bytes.begin(), bytes.end());
    const Heard heard = play(maker(anonymous()), script({turn}));
    EXPECT_EQ(heard.ending, Ending::no_server) << name;
    EXPECT_EQ(heard.observations[0].failure, Failure::not_mysql);
    EXPECT_EQ(*heard.observations[0].facts.get(key::other_protocol), name);
    EXPECT_TRUE(heard.sent().empty());
  }
}

TEST(Handshake, TerminalEscapesStayOutOfTheReport) {
  const Heard heard =
      play(maker(anonymous()), script({GreetingFrame().version("8.0.1\x1b[31m").bytes(), kDenied}));
  EXPECT_EQ(heard.observations[0].facts.get(key::version)->find('\x1b'), std::string::npos);
}

TEST(Handshake, SilenceAndClosingBeforeTheGreeting) {
  Script silent = script({});
  silent.end = {Failure::timed_out, "", {}};
  const Heard waited = play(maker(anonymous()), silent);
  EXPECT_EQ(waited.observations[0].failure, Failure::timed_out);
  EXPECT_EQ(waited.ending, Ending::dropped);
  EXPECT_TRUE(waited.observations[0].facts.has(key::waited_ms));
  const Heard closed = play(maker(anonymous()), script({}));
  EXPECT_EQ(closed.observations[0].failure, Failure::eof);
  EXPECT_EQ(closed.ending, Ending::closed_by_peer);
  EXPECT_FALSE(closed.observations[0].facts.has(key::dropped_before_login));
}

TEST(Handshake, FloodsAndGarbageEnd) {
  const Bytes empty_prompt = test::mysql_packet(2, Bytes{1, 9});
  Script flood = script({kHello});
  for (int i = 0; i < 500; ++i) flood.turns.push_back(empty_prompt);
  const Heard flooded = play(maker(anonymous()), flood);
  EXPECT_EQ(flooded.observations.back().failure, Failure::malformed_packet);
  EXPECT_EQ(flooded.ending, Ending::dropped);
  EXPECT_LT(flooded.actions.size(), 70u);
  const Heard garbage =
      play(maker(anonymous()), script({kHello, test::mysql_packet(2, Bytes{7, 7})}));
  EXPECT_EQ(garbage.observations.back().failure, Failure::malformed_packet);
  const Heard long_greeting = play(maker(anonymous()), script({Bytes{0xff, 0xff, 0xff, 0, 0x0a}}));
  EXPECT_EQ(long_greeting.observations[0].failure, Failure::malformed_packet);
}

std::vector<std::pair<Conversation, Script>> conversations() {
  return {
      {anonymous(), script({kHello, test::auth_switch(2, "sha256_password"),
                            test::err(4, 1045, "no", "28000")})},
      {with_account(), script({kHello, test::auth_more(2, 4), test::err(4, 1045, "no", "28000")})},
      {with_account(TlsMode::verify_full, "shop"),
       over_tls(tls_report(), {test::auth_more(3, 4), test::ok(5)})},
      {with_account(TlsMode::verify_full), over_tls(tls_report(false), {test::err(3, 1045, "no")})},
      {anonymous(TlsMode::required), script({kHello, kDenied})},
      {anonymous(), script({test::err(0, 1040, "Too many connections")})},
      {anonymous(), script({Bytes{'S', 'S', 'H', '-', '2', '.', '0', '\r', '\n', 'x'}})},
  };
}

TEST(Handshake, DoesNotDependOnHowTheBytesAreCut) {
  for (const auto& [conversation, played] : conversations())
    EXPECT_EQ(test::cut_anywhere(maker(conversation), played), "");
}

TEST(Handshake, ABreakAtAnyStepFinishesWithOneObservationMore) {
  for (const auto& [conversation, played] : conversations()) {
    for (const Failure how :
         {Failure::eof, Failure::reset, Failure::timed_out, Failure::cancelled}) {
      for (const Heard& heard : test::breaks_at_every_step(maker(conversation), played, how)) {
        EXPECT_TRUE(heard.finished);
        ASSERT_FALSE(heard.observations.empty());
        const bool ours = how == Failure::timed_out || how == Failure::cancelled;
        const bool left = heard.ending == Ending::dropped || heard.ending == Ending::no_server;
        EXPECT_EQ(heard.ending == Ending::finished, heard.answer.has_value());
        EXPECT_TRUE(heard.answer || left || !ours || heard.observations[0].failure);
        const bool dropped = heard.observations.back().facts.has(key::dropped_before_login);
        EXPECT_EQ(dropped, heard.ending == Ending::dropped);
      }
    }
  }
}

// What a real server said in one conversation in clear, greeting and all.
Script as_recorded(std::string_view server, std::string_view what) {
  std::vector<Bytes> turns;
  const auto said = test::real_packets(server, what);
  if (said.empty() || said.front().sequence != 0)
    turns.push_back(test::real_packets(server, "greeting, TLS offered").at(0).bytes());
  for (const test::RealPacket& packet : said) turns.push_back(packet.bytes());
  return script(std::move(turns));
}

// A login that is accepted, and what a real server answered to the question who it is.
Script identified_by(std::string_view server) {
  Script said = script({kHello, test::ok(2)});
  Bytes answer;
  for (const test::RealPacket& packet : test::real_packets(server, "identity")) {
    const Bytes one = packet.bytes();
    answer.insert(answer.end(), one.begin(), one.end());
  }
  said.turns.push_back(std::move(answer));
  return said;
}

Conversation identifying() {
  Conversation conversation = with_account();
  conversation.identify = true;
  return conversation;
}

TEST(Handshake, AServerThatTookTheAccountIsAskedWhoItIs) {
  const Script said = identified_by("MariaDB");
  const Heard heard = play(maker(identifying()), said);
  EXPECT_EQ(kinds(heard), (std::vector{kSend, kSend, kSend, kClose, kFinish}));
  EXPECT_EQ(heard.sent()[1], IdentityQuestion().ask());
  EXPECT_EQ(heard.sent()[2], com_quit());
  EXPECT_EQ(heard.ending, Ending::finished);
  ASSERT_EQ(heard.observations.size(), 3u);
  EXPECT_FALSE(heard.observations[2].failure);
  EXPECT_TRUE(heard.find(Phase::session)->facts.has(session::key::server_uuid));
  EXPECT_EQ(test::cut_anywhere(maker(identifying()), said), "");
}

TEST(Handshake, NobodyElseIsAsked) {
  Conversation nobody = anonymous();
  nobody.identify = true;
  for (const Conversation& conversation : {with_account(), nobody}) {
    const Heard heard = play(maker(conversation), identified_by("MariaDB"));
    ASSERT_EQ(heard.sent().size(), 2u);
    EXPECT_EQ(heard.sent()[1], com_quit());
    EXPECT_EQ(heard.find(Phase::session), nullptr);
  }
  const Heard refused = play(maker(identifying()), script({kHello, kDenied}));
  EXPECT_EQ(refused.sent().size(), 1u);
}

TEST(Handshake, WhateverComesOfTheQuestionTheLoginWasAnswered) {
  const struct {
    Bytes turn;
    Failure failure;
  } rows[] = {
      {test::err(1, 1820, "You must reset your password"), Failure::session_error},
      {test::mysql_packet(1, wire::as_bytes("\xfb/etc/passwd"sv)), Failure::malformed_packet},
      {{}, Failure::eof}};
  for (const auto& row : rows) {
    Script said = script({kHello, test::ok(2)});
    if (!row.turn.empty()) said.turns.push_back(row.turn);
    const Heard heard = play(maker(identifying()), said);
    EXPECT_EQ(heard.ending, Ending::finished);
    EXPECT_TRUE(heard.answer);
    ASSERT_NE(heard.find(Phase::session), nullptr);
    EXPECT_EQ(heard.find(Phase::session)->failure, row.failure);
    EXPECT_FALSE(heard.observations.back().facts.has(key::dropped_before_login));
    EXPECT_EQ(test::cut_anywhere(maker(identifying()), said), "");
  }
  Script flood = script({kHello, test::ok(2)});
  for (int i = 0; i < 80; ++i) flood.turns.push_back(test::mysql_packet(1, wire::as_bytes("\2")));
  EXPECT_EQ(play(maker(identifying()), flood).ending, Ending::finished);
}

TEST(Handshake, RealTiDbAsksForThePasswordInClearAndDoesNotGetIt) {
  const Script said = as_recorded("TiDB", "sha2 without TLS, empty packet");
  ASSERT_EQ(said.turns.size(), 4u);  // greeting, switch, 01 04, ERR
  const Heard heard = play(maker(with_account()), said);
  ASSERT_EQ(heard.sent().size(), 3u);
  EXPECT_EQ(heard.sent()[2], (Bytes{0, 0, 0, 5}));
  const Observation& login = heard.observations.back();
  EXPECT_EQ(*login.facts.get(key::auth_switch), "caching_sha2_password");
  EXPECT_TRUE(*login.facts.get(key::full_auth_withheld));
  EXPECT_EQ(*login.facts.get(key::error_code), 1045);
  EXPECT_EQ(heard.ending, Ending::finished);
  EXPECT_EQ(test::cut_anywhere(maker(with_account()), said), "");
}

TEST(Handshake, RealServersThatInsistOnTls) {
  for (const char* server : {"TiDB", "MySQL"}) {
    const Script said = as_recorded(server, "require_secure_transport, account");
    const Heard heard = play(maker(with_account()), said);
    const Observation& login = heard.observations.back();
    EXPECT_EQ(login.failure, Failure::mysql_error) << server;
    EXPECT_EQ(*login.facts.get(key::error_code), 3159) << server;
    EXPECT_EQ(login.facts.has(key::sqlstate), server == "MySQL"sv);
    EXPECT_EQ(heard.ending, Ending::finished) << server;
    EXPECT_EQ(test::cut_anywhere(maker(with_account()), said), "");
  }
}

TEST(Handshake, RealTiDbIsFullInTheGreetingsPlace) {
  const Script said = as_recorded("TiDB", "max_connections reached");
  ASSERT_EQ(said.turns.size(), 1u);
  const Heard heard = play(maker(anonymous()), said);
  ASSERT_EQ(heard.observations.size(), 1u);
  EXPECT_EQ(heard.observations[0].phase, Phase::greeting);
  EXPECT_EQ(*heard.observations[0].facts.get(key::error_code), 1040);
  EXPECT_FALSE(heard.observations[0].facts.has(key::sqlstate));
  EXPECT_EQ(heard.ending, Ending::closed_by_peer);
}

}  // namespace
}  // namespace plumb::mysql

#include "checks/mysql/login.hpp"

#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

using Step = LoginDialogue::Step;
using wire::Bytes;
using wire::View;

const Login kAccount{"app", Secret("s3cret"), true, {}};
const Login kAnonymous{"plumb_probe", Secret(), false, {}};

Greeting greeting(std::string_view plugin) {
  const Bytes payload = test::GreetingFrame().plugin(std::string(plugin)).payload();
  return *parse_greeting(payload);
}

LoginDialogue dialogue(const Login& who, bool tls,
                       std::string_view plugin = "caching_sha2_password") {
  const Greeting server = greeting(plugin);
  return {who, server, client_capabilities(server, tls, false), tls};
}

Packet packet(const Bytes& framed) { return {framed[3], Bytes(framed.begin() + 4, framed.end())}; }

Bytes payload_of(const LoginDialogue::Turn& turn) {
  return Bytes(turn.bytes.begin() + 4, turn.bytes.end());
}

TEST(Login, OpensWithTheProofOfTheDefaultPlugin) {
  LoginDialogue login = dialogue(kAccount, false);
  const auto sent = test::read_client_login(login.open(3));
  EXPECT_EQ(sent.sequence, 3);
  EXPECT_EQ(sent.user, "app");
  EXPECT_EQ(sent.plugin, "caching_sha2_password");
  EXPECT_EQ(sent.proof, scramble(Plugin::caching_sha2, kAccount.password, test::nonce()));
}

TEST(Login, OpensWithNativeWhereTheDefaultIsUnknown) {
  LoginDialogue login = dialogue(kAccount, true, "sha256_password");
  const auto sent = test::read_client_login(login.open(2));
  EXPECT_EQ(sent.plugin, "mysql_native_password");
  EXPECT_EQ(sent.proof.size(), 20u);  // never the account's name with an empty password
}

TEST(Login, AnonymousProvesNothing) {
  LoginDialogue login = dialogue(kAnonymous, false);
  const auto sent = test::read_client_login(login.open(1));
  EXPECT_EQ(sent.user, "plumb_probe");
  EXPECT_TRUE(sent.proof.empty());
  const auto turn = login.on_packet(packet(test::auth_switch(2, "mysql_native_password")));
  EXPECT_EQ(turn.bytes, (Bytes{0, 0, 0, 3}));
}

TEST(Login, FollowsASwitchWithTheNewNonce) {
  LoginDialogue login = dialogue(kAccount, false);
  login.open(1);
  const auto turn = login.on_packet(packet(test::auth_switch(2, "mysql_native_password")));
  ASSERT_EQ(turn.step, Step::answer);
  EXPECT_EQ(turn.bytes[3], 3);
  EXPECT_EQ(payload_of(turn), scramble(Plugin::native, kAccount.password, test::other_nonce()));
  EXPECT_EQ(*login.facts().get(key::auth_switch), "mysql_native_password");
  EXPECT_EQ(*login.facts().get(key::auth_path), "native");
  EXPECT_EQ(*login.facts().get(key::auth_unsupported), false);
}

TEST(Login, FastPathOnlyListens) {
  LoginDialogue login = dialogue(kAccount, false);
  login.open(1);
  EXPECT_EQ(login.on_packet(packet(test::auth_more(2, 3))).step, Step::listen);
  EXPECT_EQ(login.on_packet(packet(test::ok(3))).step, Step::over);
  EXPECT_TRUE(login.accepted());
  EXPECT_EQ(*login.facts().get(key::auth_path), "fast");
}

TEST(Login, FullPathSendsThePasswordWithinTlsOnce) {
  LoginDialogue login = dialogue(kAccount, true);
  login.open(2);
  const auto turn = login.on_packet(packet(test::auth_more(3, 4)));
  EXPECT_EQ(payload_of(turn), (Bytes{'s', '3', 'c', 'r', 'e', 't', 0}));
  EXPECT_EQ(*login.facts().get(key::auth_path), "full");
  EXPECT_TRUE(payload_of(login.on_packet(packet(test::auth_more(5, 4)))).empty());
}

TEST(Login, FullPathWithoutTlsIsWithheld) {
  LoginDialogue login = dialogue(kAccount, false);
  login.open(1);
  const auto turn = login.on_packet(packet(test::auth_more(2, 4)));
  ASSERT_EQ(turn.step, Step::answer);
  EXPECT_TRUE(payload_of(turn).empty());
  EXPECT_TRUE(login.facts().get_or(key::full_auth_withheld, false));
}

TEST(Login, AnEd25519SignatureThatProvesNothingHasItsLength) {
  for (const Login& who : {kAccount, kAnonymous}) {
    LoginDialogue login = dialogue(who, true);
    login.open(2);
    const auto turn = login.on_packet(packet(test::auth_switch(3, "client_ed25519")));
    EXPECT_EQ(turn.step, Step::answer);
    EXPECT_EQ(payload_of(turn), wire::Bytes(64))
        << "MariaDB counts any other length against the host";
    EXPECT_TRUE(login.facts().get_or(key::auth_unsupported, false));
  }
}

TEST(Login, WhatCannotBeServedIsAnsweredEmpty) {
  for (const char* plugin : {"mysql_clear_password", "sha256_password", "dialog", "new"}) {
    LoginDialogue login = dialogue(kAccount, true);
    login.open(2);
    const auto turn = login.on_packet(packet(test::auth_switch(3, plugin)));
    EXPECT_EQ(turn.step, Step::answer);
    EXPECT_TRUE(payload_of(turn).empty()) << plugin;
    EXPECT_TRUE(payload_of(login.on_packet(packet(test::auth_more(5, 4)))).empty()) << plugin;
    EXPECT_TRUE(login.facts().get_or(key::auth_unsupported, false));
  }
}

TEST(Login, AnErrorEndsIt) {
  LoginDialogue account = dialogue(kAccount, false);
  account.open(1);
  EXPECT_EQ(account.on_packet(packet(test::err(2, 1045, "Access denied", "28000"))).step,
            Step::over);
  EXPECT_EQ(account.failure(), Failure::mysql_error);
  EXPECT_EQ(account.raw(), "ERROR 1045 (28000): Access denied");
  EXPECT_EQ(account.verdict(), wire::LoginAnswer::Verdict::refused);
  LoginDialogue nobody = dialogue(kAnonymous, false);
  nobody.open(1);
  nobody.on_packet(packet(test::err(2, 1045, "Access denied", "28000")));
  EXPECT_FALSE(nobody.failure());
  EXPECT_EQ(*nobody.facts().get(key::error_code), 1045);
}

TEST(Login, AnythingElseIsMalformed) {
  LoginDialogue login = dialogue(kAccount, true);
  login.open(2);
  EXPECT_EQ(login.on_packet({3, {}}).step, Step::malformed);
  EXPECT_EQ(login.on_packet({3, {0x0a, 1, 2}}).step, Step::malformed);
  EXPECT_EQ(login.on_packet({3, {0xff, 1}}).step, Step::malformed);
  EXPECT_EQ(login.on_packet({3, {0xfe, 'x'}}).step, Step::malformed);
}

}  // namespace
}  // namespace plumb::mysql

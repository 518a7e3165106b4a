#include "checks/mysql/packet.hpp"

#include <gtest/gtest.h>

#include "tests/support/mysql_frames.hpp"

namespace plumb::mysql {
namespace {

using wire::Bytes;
using wire::View;

TEST(Packet, GreetingIsReadWhole) {
  const auto greeting = parse_greeting(test::GreetingFrame().caps(test::kTlsCaps).payload());
  ASSERT_TRUE(greeting);
  EXPECT_EQ(greeting->version, "8.4.2");
  EXPECT_EQ(greeting->thread_id, 4711u);
  EXPECT_EQ(greeting->capabilities, test::kTlsCaps);
  EXPECT_EQ(greeting->status, 2);
  EXPECT_EQ(greeting->plugin, "caching_sha2_password");
  EXPECT_EQ(greeting->nonce, test::nonce());
  EXPECT_TRUE(greeting->offers(capability::kSsl));
  EXPECT_EQ(greeting->mariadb_capabilities, 0u);
}

TEST(Packet, MariaDbHidesMoreCapabilitiesInTheReservedBytes) {
  const auto frame = test::GreetingFrame().caps(test::kMariaDbCaps).extended(0x1d);
  EXPECT_EQ(parse_greeting(frame.payload())->mariadb_capabilities, 0x1du);
  const auto mysql = test::GreetingFrame().extended(0x1d);  // bit 0 set: the bytes mean nothing
  EXPECT_EQ(parse_greeting(mysql.payload())->mariadb_capabilities, 0u);
}

TEST(Packet, GreetingWithoutPluginsMeansNativePassword) {
  const auto greeting = parse_greeting(test::GreetingFrame().caps(0xF7FF).payload());
  ASSERT_TRUE(greeting);
  EXPECT_EQ(greeting->plugin, "mysql_native_password");
  EXPECT_EQ(greeting->nonce.size(), kNonceSize);
}

TEST(Packet, PluginNameMayEndWithThePacket) {  // MySQL 5.5.7 to 5.5.9
  Bytes payload = test::GreetingFrame().payload();
  payload.pop_back();
  EXPECT_EQ(parse_greeting(payload)->plugin, "caching_sha2_password");
}

TEST(Packet, CutGreetingIsNone) {
  const Bytes payload = test::GreetingFrame().payload();
  const std::size_t fixed = 1 + 6 + 4 + 8 + 1 + 2;  // 4.0's greeting ends here and is one
  for (std::size_t length = 0; length < fixed + 16; ++length) {
    if (length == fixed) continue;
    EXPECT_FALSE(parse_greeting(View(payload).first(length))) << length;
  }
}

TEST(Packet, ErrorWithAndWithoutSqlState) {
  const Bytes with = test::err(2, 1045, "Access denied", "28000");
  const auto marked = parse_error(View(with).subspan(kHeaderSize));
  ASSERT_TRUE(marked);
  EXPECT_EQ(marked->code, 1045);
  EXPECT_EQ(marked->sqlstate, "28000");
  EXPECT_EQ(marked->text, "Access denied");
  const Bytes without = test::err(0, 1129, "Host 'x' is blocked");
  const auto bare = parse_error(View(without).subspan(kHeaderSize));
  EXPECT_EQ(bare->sqlstate, "");
  EXPECT_EQ(bare->text, "Host 'x' is blocked");
}

TEST(Packet, ErrorOddities) {
  const Bytes aliyun = test::err(0, 1045, "#28000ip not in whitelist");
  EXPECT_EQ(parse_error(View(aliyun).subspan(4))->text, "ip not in whitelist");
  const Bytes short_mark = test::err(0, 1105, "#12");
  EXPECT_EQ(parse_error(View(short_mark).subspan(4))->text, "#12");
  EXPECT_FALSE(parse_error(Bytes{0xff, 0x11}));
  const Bytes loud = test::err(0, 1105, "\x1b[2J" + std::string(2000, 'x'));
  const std::string text = parse_error(View(loud).subspan(4))->text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_LE(text.size(), 520u);
}

TEST(Packet, AuthSwitchInAllItsForms) {
  const Bytes modern = test::auth_switch(2, "mysql_native_password");
  const auto wanted = parse_auth_switch(View(modern).subspan(4));
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->plugin, "mysql_native_password");
  EXPECT_EQ(wanted->nonce, test::other_nonce());
  EXPECT_EQ(parse_auth_switch(Bytes{0xfe})->plugin, "mysql_old_password");
  EXPECT_FALSE(parse_auth_switch(Bytes{0xfe, 'n', 'o', 'n', 'u', 'l'}));
}

TEST(Packet, LoginCarriesWhoWeAre) {
  Greeting greeting;
  greeting.capabilities = test::kPlainCaps;
  LoginRequest request;
  request.capabilities = client_capabilities(greeting, false, true);
  request.user = "app";
  request.database = "shop";
  request.plugin = "mysql_native_password";
  const Bytes proof(20, 7);
  request.auth_response = proof;
  const auto login = test::read_client_login(handshake_response(1, request));
  ASSERT_TRUE(login.whole);
  EXPECT_EQ(login.sequence, 1);
  EXPECT_EQ(login.user, "app");
  EXPECT_EQ(login.database, "shop");
  EXPECT_EQ(login.plugin, "mysql_native_password");
  EXPECT_EQ(login.proof, proof);
  EXPECT_EQ(login.charset, 45);
  EXPECT_EQ(login.attributes.at("program_name"), "plumb");
  EXPECT_EQ(login.attributes.at("_client_version"), PLUMB_VERSION);
}

TEST(Packet, OnlyWhatTheServerOffersIsUsed) {
  Greeting old;
  old.capabilities = 0xF7FF;
  const std::uint32_t bits = client_capabilities(old, false, false);
  EXPECT_EQ(
      bits & (capability::kPluginAuth | capability::kConnectAttrs | capability::kPluginAuthLenenc),
      0u);
  LoginRequest request;
  request.capabilities = bits;
  request.user = "u";
  const auto login = test::read_client_login(handshake_response(1, request));
  EXPECT_TRUE(login.whole);
  EXPECT_TRUE(login.attributes.empty());
}

TEST(Packet, RequestForTlsIsTheHeadOfTheLogin) {
  const Bytes request = ssl_request(1, capability::kSsl);
  EXPECT_EQ(request.size(), 36u);
  EXPECT_EQ(Bytes(request.begin(), request.begin() + 8), (Bytes{32, 0, 0, 1, 0, 8, 0, 0}));
  EXPECT_EQ(com_quit(), (Bytes{1, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace plumb::mysql

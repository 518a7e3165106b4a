#include "checks/mysql/packet.hpp"

#include <gtest/gtest.h>

#include "tests/support/mysql_frames.hpp"
#include "tests/support/real_packets.hpp"

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

// MariaDB 10.11 in Debian 12, MySQL 9.7, TiDB 8.5.3, TiProxy 1.4.0-beta.1.
TEST(Packet, GreetingsOfRealServers) {
  struct Row {
    const char* server;
    std::uint32_t with_tls, without_tls, extended;
    const char* plugin;
  };
  constexpr Row kRows[] = {{"MariaDB", 0x81FFFFFE, 0x81FFF7FE, 0x1d, "mysql_native_password"},
                           {"MySQL", 0xDFFFFFFF, 0x9FFFF7FF, 0, "caching_sha2_password"},
                           {"TiDB", 0x051BAEAF, 0x051BA6AF, 0, "mysql_native_password"},
                           {"TiProxy", 0x053BEEEF, 0x053BE6EF, 0, "mysql_native_password"}};
  for (const Row& row : kRows) {
    for (const bool tls : {true, false}) {
      const auto said =
          test::real_packets(row.server, tls ? "greeting, TLS offered" : "greeting, no TLS");
      ASSERT_EQ(said.size(), 1u) << row.server;
      const auto greeting = parse_greeting(said[0].payload);
      ASSERT_TRUE(greeting) << row.server;
      EXPECT_EQ(greeting->capabilities, tls ? row.with_tls : row.without_tls) << row.server;
      EXPECT_EQ(greeting->offers(capability::kSsl), tls) << row.server;
      EXPECT_EQ(greeting->mariadb_capabilities, row.extended) << row.server;
      EXPECT_EQ(greeting->plugin, row.plugin);
      EXPECT_EQ(greeting->nonce.size(), kNonceSize) << row.server;
    }
  }
}

TEST(Packet, RefusalsOfRealServersWithAndWithoutSqlState) {
  struct Row {
    const char *server, *what;
    std::uint16_t code;
    const char* sqlstate;
  };
  constexpr Row kRows[] = {
      {"MariaDB", "anonymous login", 1045, "28000"},
      {"MariaDB", "require_secure_transport, account", 1045, "28000"},
      {"MariaDB", "max_connections reached", 1040, "08004"},
      {"MariaDB", "without PROTOCOL_41", 1043, ""},
      {"MariaDB", "plain text after a TLS alert of ours", 1043, "08S01"},
      {"MySQL", "anonymous login", 1045, "28000"},
      {"MySQL", "require_secure_transport, account", 3159, "HY000"},
      {"MySQL", "max_connections reached", 1040, "08004"},
      {"MySQL", "silence after the greeting", 1159, "08S01"},
      {"TiDB", "anonymous login", 1045, "28000"},
      {"TiDB", "wrong password, sha2", 1045, "28000"},
      {"TiDB", "require_secure_transport, anonymous", 3159, ""},
      {"TiDB", "max_connections reached", 1040, ""},
      {"TiDB", "without PROTOCOL_41", 1251, ""},
      {"TiDB", "plain text after a TLS alert of ours", 1105, ""},
      {"TiDB", "plain text after an SSLRequest that was not offered", 1105, ""},
      {"TiProxy", "anonymous login", 1045, "28000"},
      {"TiProxy", "max_connections reached", 1040, ""},
      {"TiProxy", "without PROTOCOL_41", 1251, "08004"}};
  for (const Row& row : kRows) {
    const auto said = test::real_packets(row.server, row.what);
    ASSERT_FALSE(said.empty()) << row.server << ": " << row.what;
    const auto error = parse_error(said.back().payload);
    ASSERT_TRUE(error) << row.server << ": " << row.what;
    EXPECT_EQ(error->code, row.code) << row.server << ": " << row.what;
    EXPECT_EQ(error->sqlstate, row.sqlstate) << row.server << ": " << row.what;
    EXPECT_FALSE(error->text.starts_with('#')) << error->text;
  }
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

TEST(Packet, AnErrorIsFoundAtTheFrontOfWhatCame) {
  const Bytes whole = test::err(1, 1130, "Proxy header is not accepted", "HY000");
  EXPECT_EQ(error_in(whole)->code, 1130);
  EXPECT_EQ(error_in(whole)->text, "Proxy header is not accepted");
  EXPECT_EQ(error_in(View(whole).first(25))->text, "Proxy header") << "cut";
  EXPECT_FALSE(error_in(View(whole).first(5)));
  EXPECT_FALSE(error_in(test::ok(1)));
  EXPECT_FALSE(error_in(wire::as_bytes("HTTP/1.1 400 Bad Request")));
  EXPECT_FALSE(error_in({}));
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

#include "checks/mysql/identity.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "checks/mysql/facts.hpp"
#include "checks/session/facts.hpp"
#include "tests/support/real_packets.hpp"

namespace plumb::mysql {
namespace {

namespace told = session::key;
using Step = TextResult::Step;
using namespace std::string_view_literals;

IdentityQuestion answered_by(std::string_view server) {
  IdentityQuestion question;
  const auto said = test::real_packets(server, "identity");
  EXPECT_FALSE(said.empty()) << server;
  for (std::size_t i = 0; i < said.size(); ++i)
    EXPECT_EQ(question.on_packet(said[i].payload), i + 1 < said.size() ? Step::listen : Step::over);
  EXPECT_FALSE(question.failure()) << server;
  return question;
}

TEST(Identity, IsOneStatement) {
  const wire::Bytes packet = IdentityQuestion().ask();
  const std::string_view text = wire::as_text(packet);
  EXPECT_EQ(text.substr(0, 5), (std::string{static_cast<char>(packet.size() - 4), 0, 0, 0, 3}))
      << "sequence 0, COM_QUERY";
  EXPECT_EQ(text.substr(5, 46), "SHOW GLOBAL VARIABLES WHERE Variable_name IN (");
  EXPECT_NE(text.find("'super_read_only'"), text.npos);
}

TEST(Identity, RealServersSayWhoTheyAre) {
  for (const char* server : {"MariaDB", "MySQL"}) {
    const Facts facts = answered_by(server).facts();
    EXPECT_GE(facts.get_or(told::server_uuid, std::string()).size(), 27u) << server;
    EXPECT_NE(facts.get_or(told::hostname, std::string()), "") << server;
    EXPECT_EQ(facts.get_or(told::read_only_by, {"?"}), std::vector<std::string>()) << server;
  }
}

TEST(Identity, ARealTiDbHasAUuidOfZeros) {
  for (const char* server : {"TiDB", "TiProxy"}) {
    const Facts facts = answered_by(server).facts();
    const std::string uuid = facts.get_or(told::server_uuid, std::string("?"));
    EXPECT_EQ(uuid.find_first_not_of("0-"), uuid.npos) << server << ": " << uuid;
    EXPECT_TRUE(facts.has(told::read_only_by)) << server;
  }
}

TEST(Identity, AnErrorIsToldWithItsNumber) {
  IdentityQuestion question;
  EXPECT_EQ(question.on_packet(wire::as_bytes("\xff\x1c\7#HY000You must reset your password"sv)),
            Step::over);
  EXPECT_EQ(question.failure(), Failure::session_error);
  EXPECT_EQ(question.facts().get_or(key::error_code, std::int64_t{0}), 1820);
  EXPECT_NE(question.raw().find("reset your password"), std::string::npos);
  EXPECT_FALSE(question.facts().has(told::read_only_by));
}

TEST(Identity, RowsThatAreNoVariablesTeachNothing) {
  IdentityQuestion question;
  for (const std::string_view packet :
       {"\3"sv, "d"sv, "d"sv, "d"sv, "\xfe\0\0\2\0"sv, "\x0bserver_uuid\1a\1b"sv})
    question.on_packet(wire::as_bytes(packet));
  EXPECT_EQ(question.on_packet(wire::as_bytes("\xfe\0\0\2\0"sv)), Step::over);
  EXPECT_EQ(question.facts().begin(), question.facts().end());
}

TEST(Identity, NoAnswerIsSaid) {
  IdentityQuestion question;
  EXPECT_EQ(question.on_packet(wire::as_bytes("\xfb/etc/passwd"sv)), Step::malformed);
  EXPECT_EQ(question.failure(), Failure::malformed_packet);
}

}  // namespace
}  // namespace plumb::mysql

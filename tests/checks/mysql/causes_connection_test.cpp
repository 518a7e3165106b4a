#include <gtest/gtest.h>

#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

using Ids = std::vector<std::string_view>;
const wire::Bytes kHello = test::GreetingFrame().bytes();
constexpr std::string_view kHeader = "mysql-proxy-protocol-mismatch";

TEST(ConnectionCauses, ErrorsByNumber) {
  EXPECT_EQ(
      CaseOf().add(anonymous(), script({kHello, test::err(2, 1043, "Bad handshake")})).found(),
      (Ids{"mysql-bad-handshake-1043", kHeader}));
  EXPECT_EQ(CaseOf().add(anonymous(), script({kHello, test::err(0, 1159, "Got timeout")})).found(),
            Ids{"mysql-connect-timeout-handshake"});
  EXPECT_EQ(CaseOf().add(anonymous(), script({kHello, test::err(0, 1156, "out of order")})).found(),
            (Ids{"mysql-packet-too-large-or-out-of-order", kHeader}));
  EXPECT_EQ(
      CaseOf().add(anonymous(), script({kHello, test::mysql_packet(2, wire::Bytes{9})})).found(),
      Ids{"mysql-packet-too-large-or-out-of-order"});
}

TEST(ConnectionCauses, SilenceInsideTlsMayBeAServerThatNeverGotOurLogin) {
  constexpr std::string_view kPatience = "mysql-connect-timeout-handshake";
  CaseOf silent, closed;
  test::Script waits = over_tls(tls_report(), {});
  waits.end = {Failure::timed_out, {}, {}};
  silent.add(anonymous(TlsMode::required), waits);
  EXPECT_EQ(silent.judge(kPatience).confidence, Confidence::possible);
  test::Script breaks = over_tls(tls_report(), {});
  breaks.end = {Failure::eof, {}, {}};
  closed.add(anonymous(TlsMode::required), breaks);
  EXPECT_FALSE(closed.judge(kPatience).matched) << "at once is not out of patience";
}

TEST(ConnectionCauses, ABadHandshakeMayBeAHeader) {
  CaseOf about;
  about.add(anonymous(), script({kHello, test::err(2, 1043, "Bad handshake")}));
  EXPECT_EQ(about.judge("mysql-bad-handshake-1043").confidence, Confidence::possible);
}

TEST(ConnectionCauses, WhyAServerRanOutOfPatienceIsNotTold) {
  CaseOf about;
  about.add(anonymous(), script({kHello, test::err(0, 1159, "Got timeout")}));
  EXPECT_EQ(about.judge("mysql-connect-timeout-handshake").confidence, Confidence::possible);
}

}  // namespace
}  // namespace plumb::mysql

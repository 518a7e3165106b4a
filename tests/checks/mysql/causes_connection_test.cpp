#include <gtest/gtest.h>

#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

using Ids = std::vector<std::string_view>;
const wire::Bytes kHello = test::GreetingFrame().bytes();
constexpr std::string_view kHeader = "mysql-proxy-protocol-mismatch";

test::Script ends_after(std::vector<wire::Bytes> turns, Failure how) {
  test::Script played = script(std::move(turns));
  played.end = {how, {}, {}};
  return played;
}

TEST(ConnectionCauses, ErrorsByNumber) {
  EXPECT_EQ(
      CaseOf().add(anonymous(), script({kHello, test::err(2, 1043, "Bad handshake")})).found(),
      (Ids{"mysql-bad-handshake-1043", kHeader}));
  EXPECT_EQ(CaseOf().add(anonymous(), script({kHello, test::err(0, 1159, "Got timeout")})).found(),
            Ids{"mysql-connect-timeout-handshake"});
  EXPECT_EQ(CaseOf().add(anonymous(), script({kHello, test::err(0, 1156, "out of order")})).found(),
            (Ids{kHeader, "mysql-packet-too-large-or-out-of-order"}));
  EXPECT_EQ(
      CaseOf().add(anonymous(), script({kHello, test::mysql_packet(2, wire::Bytes{9})})).found(),
      Ids{"mysql-packet-too-large-or-out-of-order"});
}

TEST(ConnectionCauses, ABreakAtOurFirstPacketIsLikelyAHeader) {
  for (const Failure how : {Failure::eof, Failure::reset}) {
    CaseOf about;
    about.add(anonymous(), ends_after({kHello}, how));
    EXPECT_EQ(about.judge(kHeader).confidence, Confidence::likely);
  }
  CaseOf waits;
  waits.add(anonymous(), ends_after({kHello}, Failure::timed_out));
  EXPECT_EQ(waits.judge(kHeader).confidence, Confidence::possible);
  CaseOf tls;
  tls.add(anonymous(TlsMode::required), over_tls(tls_failed(Failure::tls_eof), {}));
  EXPECT_EQ(tls.judge(kHeader).confidence, Confidence::possible);
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

TEST(ConnectionCauses, AfterTlsThereIsNoHeaderToBlame) {
  CaseOf about;
  about.add(anonymous(TlsMode::required), over_tls(tls_report(), {}));
  EXPECT_FALSE(about.judge(kHeader).matched);
}

}  // namespace
}  // namespace plumb::mysql

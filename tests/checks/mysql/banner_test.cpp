#include "checks/mysql/banner.hpp"

#include <gtest/gtest.h>

#include "tests/support/mysql_frames.hpp"

namespace plumb::mysql {
namespace {

using namespace std::string_view_literals;
using wire::as_bytes;
using wire::Bytes;

TEST(Banner, FiveBytesDecide) {
  const Bytes greeting = test::GreetingFrame().bytes();
  EXPECT_EQ(judge_opening(wire::View(greeting).first(4)), Opening::undecided);
  EXPECT_EQ(judge_opening(greeting), Opening::mysql);
  EXPECT_EQ(judge_opening(test::err(0, 1129, "Host")), Opening::mysql);
  EXPECT_EQ(judge_opening(test::err(1, 1040, "Too many")), Opening::mysql);
  EXPECT_EQ(judge_opening(as_bytes("HTTP/1.1 400")), Opening::foreign);
  EXPECT_EQ(judge_opening(as_bytes("\xff\xfd\x18\xff\xfd"sv)), Opening::foreign);  // telnet
}

TEST(Banner, WhatIsCutShortCountsOnlyAsText) {
  EXPECT_EQ(judge_cut_opening(as_bytes("no")), Opening::foreign);
  EXPECT_EQ(judge_cut_opening(as_bytes("\x4a\0\0"sv)), Opening::undecided);
  EXPECT_EQ(judge_cut_opening({}), Opening::undecided);
}

TEST(Banner, TextIsReadToItsFirstLineOthersNot) {
  EXPECT_FALSE(banner_complete(as_bytes("SSH-2.0-OpenSSH_9")));
  EXPECT_TRUE(banner_complete(as_bytes("SSH-2.0-OpenSSH_9\r\nmore")));
  EXPECT_EQ(banner_text(as_bytes("SSH-2.0-OpenSSH_9\r\nmore")), "SSH-2.0-OpenSSH_9");
  EXPECT_TRUE(banner_complete(as_bytes(std::string(128, 'x'))));
  EXPECT_TRUE(banner_complete(as_bytes("\x15\x03\x01\0\x02"sv)));
  EXPECT_EQ(banner_text(as_bytes("\x15\x03\x01\0\x02\x02\x46"sv)), "\\x15\\x03\\x01\\x00\\x02");
}

TEST(Banner, NamesWhatItKnows) {
  EXPECT_EQ(name_protocol(as_bytes("HTTP/1.1 400 Bad Request")), "http");
  EXPECT_EQ(name_protocol(as_bytes("SSH-2.0-x")), "ssh");
  EXPECT_EQ(name_protocol(as_bytes("220 mail ESMTP")), "smtp-or-ftp");
  EXPECT_EQ(name_protocol(as_bytes("-DENIED Redis is running")), "redis");
  EXPECT_EQ(name_protocol(as_bytes("RFB 003.008")), "vnc");
  EXPECT_EQ(name_protocol(as_bytes("\x15\x03\x01\0\x02"sv)), "tls");
  EXPECT_EQ(name_protocol(as_bytes("E\0\0\0\x85S"sv)), "postgresql");
  EXPECT_EQ(name_protocol(as_bytes("\x05\0\0\0\x0b\x08\x05\x1a\0"sv)), "mysqlx");
  EXPECT_EQ(name_protocol(as_bytes("what is this")), "unknown");
}

}  // namespace
}  // namespace plumb::mysql

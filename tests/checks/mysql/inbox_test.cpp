#include "checks/mysql/inbox.hpp"

#include <gtest/gtest.h>

#include "tests/support/mysql_frames.hpp"

namespace plumb::mysql {
namespace {

using wire::Bytes;

TEST(Inbox, GivesPacketsWhenTheyAreWhole) {
  Inbox inbox;
  const Bytes two = {2, 0, 0, 5, 'a', 'b', 1, 0, 0, 6};
  inbox.append(two);
  const auto first = inbox.take();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->sequence, 5);
  EXPECT_EQ(first->payload, (Bytes{'a', 'b'}));
  EXPECT_FALSE(inbox.take());
  inbox.append(Bytes{'c'});
  EXPECT_EQ(inbox.take()->payload, (Bytes{'c'}));
  EXPECT_FALSE(inbox.flooded());
}

TEST(Inbox, APacketTooLongIsAFloodBeforeItIsThere) {
  Inbox inbox;
  inbox.append(Bytes{1, 0, 1, 0});  // 64 KiB and one byte
  EXPECT_FALSE(inbox.take());
  EXPECT_TRUE(inbox.flooded());
}

TEST(Inbox, TooManyPacketsAreAFlood) {
  Inbox inbox;
  for (int i = 0; i < 65; ++i) inbox.append(Bytes{0, 0, 0, 0});
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(inbox.take()) << i;
  EXPECT_FALSE(inbox.take());
  EXPECT_TRUE(inbox.flooded());
}

TEST(Inbox, ManyBytesAreAFlood) {
  Inbox inbox;
  const Bytes half = test::mysql_packet(0, Bytes(40'000, 1));
  inbox.append(half);
  inbox.append(half);
  EXPECT_TRUE(inbox.take());
  EXPECT_FALSE(inbox.take());
  EXPECT_TRUE(inbox.flooded());
}

}  // namespace
}  // namespace plumb::mysql

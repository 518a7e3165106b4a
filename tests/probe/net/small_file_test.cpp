#include "probe/net/small_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/temporary_file.hpp"

namespace plumb::net {
namespace {

TEST(SmallFile, IsReadWholeUpToOneMebibyte) {
  const support::TemporaryDirectory files;
  EXPECT_EQ(read_small_file(files.write("some", std::string("a\0b\n", 4))),
            std::string("a\0b\n", 4));
  EXPECT_EQ(read_small_file(files.write("none", "")), "");
  const auto big = read_small_file(files.write("big", std::string(1024 * 1024 + 5, '#')));
  ASSERT_TRUE(big);
  EXPECT_EQ(big->size(), 1024U * 1024U);
}

TEST(SmallFile, WhatCannotBeReadIsNotEmpty) {
  const support::TemporaryDirectory files;
  EXPECT_FALSE(read_small_file(files.path("missing")));
}

}  // namespace
}  // namespace plumb::net

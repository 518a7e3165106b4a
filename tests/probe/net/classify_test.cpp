#include "probe/net/classify.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace plumb::net {
namespace {

TEST(Classify, NamesWhatThePathDid) {
  EXPECT_EQ(classify_errno(ECONNREFUSED), Failure::refused);
  EXPECT_EQ(classify_errno(ETIMEDOUT), Failure::timed_out);
  EXPECT_EQ(classify_errno(EHOSTUNREACH), Failure::host_unreachable);
  EXPECT_EQ(classify_errno(ENETUNREACH), Failure::net_unreachable);
  EXPECT_EQ(classify_errno(ECONNRESET), Failure::reset);
}

TEST(Classify, KeepsLocalPolicyApartFromTheToolsOwnLimits) {
  EXPECT_EQ(classify_errno(EACCES), Failure::permission_denied);
  EXPECT_EQ(classify_errno(EINVAL), Failure::no_route);
  EXPECT_EQ(classify_errno(EADDRNOTAVAIL), Failure::address_unavailable);
  EXPECT_EQ(classify_errno(EMFILE), Failure::local_limit);
  EXPECT_EQ(classify_errno(ENOBUFS), Failure::local_limit);
}

TEST(Classify, SpellsTheErrno) {
  EXPECT_EQ(errno_name(ECONNREFUSED), "ECONNREFUSED");
  EXPECT_EQ(errno_name(99999), "errno 99999");
}

}  // namespace
}  // namespace plumb::net

#include "checks/session/check.hpp"

#include <gtest/gtest.h>

namespace plumb::session {
namespace {

TEST(SessionCheck, HoldsNoConversationOfItsOwnButASession) {
  const Check& check = session_check();
  EXPECT_EQ(check.name, "session");
  EXPECT_EQ(check.exchange, nullptr);
  ASSERT_NE(check.session, nullptr);
  const auto talk = check.session(Purpose::connect);
  EXPECT_TRUE(talk->next(nullptr).has_value());
}

}  // namespace
}  // namespace plumb::session

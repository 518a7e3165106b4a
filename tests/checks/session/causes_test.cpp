#include "checks/session/causes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace plumb::session {
namespace {

TEST(SessionCauses, EveryRowIsOfThisLayerAndNamedOnce) {
  std::set<std::string_view> ids;
  for (const Cause& cause : causes()) {
    EXPECT_TRUE(ids.insert(cause.id).second) << cause.id;
    EXPECT_TRUE(cause.id.starts_with("session-")) << cause.id;
    EXPECT_EQ(cause.layer, Layer::session) << cause.id;
    EXPECT_FALSE(cause.remedy.empty()) << cause.id;
    EXPECT_FALSE(cause.source.empty()) << cause.id;
  }
  EXPECT_EQ(ids.size(), 19U);
}

}  // namespace
}  // namespace plumb::session

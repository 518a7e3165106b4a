#include "checks/cloud/causes.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

std::set<std::string_view> matching(const Case& about) {
  std::set<std::string_view> ids;
  for (const Cause& cause : cloud_causes())
    if (cause.match(about).matched) ids.insert(cause.id);
  return ids;
}

TEST(CloudCauses, NothingHoldsForAHealthyTargetAndEachRowSaysWhy) {
  const Case healthy = test::CaseBuilder("h:1").resolved({"10.0.0.1"}).works("10.0.0.1:1").build();
  EXPECT_TRUE(matching(healthy).empty());
  for (const Cause& cause : cloud_causes())
    EXPECT_FALSE(cause.match(healthy).because.empty()) << cause.id;
}

TEST(CloudCauses, NoneIsEverCertainFromPackets) {
  const Case silent = test::CaseBuilder("privatelink-1.abc.clusters.tidb-cloud.com")
                          .profile("tidb-dedicated-private")
                          .timed_out("10.0.0.1:4000")
                          .build();
  EXPECT_EQ(matching(silent), (std::set<std::string_view>{"cloud-endpoint-pending-acceptance",
                                                          "cloud-tidb-endpoint-not-registered",
                                                          "cloud-provider-nlb-listener-missing"}));
  for (const Cause& cause : cloud_causes()) {
    EXPECT_EQ(cause.layer, Layer::cloud) << cause.id;
    EXPECT_FALSE(cause.decide_by.empty()) << cause.id;
    EXPECT_EQ(cause.match(silent).confidence, Confidence::possible) << cause.id;
  }
}

}  // namespace
}  // namespace plumb

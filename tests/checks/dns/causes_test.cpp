#include "checks/dns/causes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

std::set<std::string_view> matching(const Case& about) {
  std::set<std::string_view> ids;
  for (const Cause& cause : dns_causes())
    if (cause.match(about).matched) ids.insert(cause.id);
  return ids;
}

TEST(DnsCauses, EachFailureOfTheNameHasItsRow) {
  using Ids = std::set<std::string_view>;
  const auto of = [](Failure failure) {
    return matching(test::CaseBuilder("h").unresolved(failure).build());
  };
  EXPECT_EQ(of(Failure::nxdomain), Ids{"dns-nxdomain"});
  EXPECT_EQ(of(Failure::timed_out), Ids{"dns-resolver-timeout"});
  EXPECT_EQ(of(Failure::servfail), Ids{"dns-servfail"});
  EXPECT_EQ(of(Failure::query_refused), Ids{"dns-refused"});
  EXPECT_EQ(of(Failure::nodata),
            (Ids{"dns-firewall-or-sinkhole-override", "dns-rebinding-filtered"}));
}

TEST(DnsCauses, AHealthyNameMatchesNothingAndEachRowSaysWhy) {
  const Case healthy = test::CaseBuilder("h:1").resolved({"10.0.0.1"}).works("10.0.0.1:1").build();
  EXPECT_TRUE(matching(healthy).empty());
  for (const Cause& cause : dns_causes())
    EXPECT_FALSE(cause.match(healthy).because.empty()) << cause.id;
}

}  // namespace
}  // namespace plumb

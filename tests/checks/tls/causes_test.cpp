#include "checks/tls/causes.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "tests/support/tls_case.hpp"

namespace plumb {
namespace {

TEST(TlsCauses, AreTheRowsOfTheCatalogue) {
  std::set<std::string_view> ids;
  for (const Cause& cause : tls_causes()) {
    EXPECT_TRUE(ids.insert(cause.id).second) << cause.id;
    EXPECT_TRUE(cause.id.starts_with("tls-"));
    EXPECT_EQ(cause.layer, Layer::tls);
    EXPECT_FALSE(cause.title.empty() || cause.shows_as.empty() || cause.summary.empty() ||
                 cause.look_alikes.empty() || cause.source.empty())
        << cause.id;
    ASSERT_FALSE(cause.remedy.empty()) << cause.id;
    EXPECT_FALSE(cause.remedy.front().text.empty()) << cause.id;
    ASSERT_NE(cause.match, nullptr);
  }
  EXPECT_EQ(ids.size(), 26u);  // 22 of the catalogue, two that are about to come, two unfit
}

TEST(TlsCauses, SayWhyTheyDoNotApplyToAHealthyServer) {
  for (const bool with_tls : {false, true}) {
    Case about = test::tls_case(TlsMode::verify_full);
    if (with_tls) about.evidence.add(test::good_tls());
    for (const Cause& cause : tls_causes()) {
      const Verdict verdict = cause.match(about);
      EXPECT_FALSE(verdict.matched) << cause.id;
      EXPECT_FALSE(verdict.because.empty()) << cause.id;
    }
  }
}

// What is not certain needs something that decides.
TEST(TlsCauses, HaveADecisionWhereTheyMayBeUnsure) {
  for (const Cause& cause : tls_causes()) {
    const bool always_certain =
        cause.id == "tls-ca-file-missing" || cause.id == "tls-ip-literal-host" ||
        cause.id == "tls-pinned-intermediate-retired" || cause.id == "tls-weak-certificate" ||
        cause.id == "tls-certificate-invalid" || cause.id.ends_with("-expires-soon");
    EXPECT_EQ(cause.decide_by.empty(), always_certain) << cause.id;
  }
}

}  // namespace
}  // namespace plumb

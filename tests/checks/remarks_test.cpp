#include "checks/remarks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/case_builder.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Case answered_by(const std::string& who) {
  Case about = CaseBuilder("db.example.com:4000").build();
  Observation login;
  login.phase = Phase::login;
  login.facts.set(mysql::key::login_answered_by, who);
  about.evidence.add(std::move(login));
  return about;
}

TEST(Remarks, NoneWhereTheServerItselfAnswered) {
  EXPECT_THAT(remarks(answered_by("server")), IsEmpty());
  EXPECT_THAT(remarks(CaseBuilder("db.example.com:4000").build()), IsEmpty());
}

TEST(Remarks, AGatewayIsNotTheCluster) {
  EXPECT_THAT(remarks(answered_by("gateway")), ElementsAre(HasSubstr("PREFIX.plumb_probe")));
}

TEST(Remarks, WhosePathItWas) {
  Case about = CaseBuilder("db.example.com:3306").profile("heatwave-egress-aurora").build();
  EXPECT_THAT(remarks(about), ElementsAre(HasSubstr("endpoint of its own")));
  about.profile = find_profile("rds-direct");
  about.purpose = Purpose::dms_source;
  EXPECT_THAT(remarks(about), ElementsAre(HasSubstr("replication subnet group")));
}

TEST(Remarks, WhichSslModeDmsCanHave) {
  Case about = test::tls_case(TlsMode::preferred);
  about.purpose = Purpose::dms_target;
  const auto told = [&](const Observation& seen) {
    about.evidence.observations = {seen};
    return remarks(about).back();
  };
  Observation seen = test::good_tls();
  EXPECT_THAT(told(seen), HasSubstr("endpoint: verify-full (aws dms import-certificate"));
  seen.facts.set(key::tls_name_ok, false);
  EXPECT_THAT(told(seen), HasSubstr("endpoint: verify-ca; verify-full fails"));
  test::distrust(seen, 20, 0, {}, "system");
  EXPECT_THAT(told(seen), HasSubstr("verify-ca and verify-full fail with the system's"));
  about.purpose = Purpose::connect;
  EXPECT_THAT(remarks(about), IsEmpty());
}

}  // namespace
}  // namespace plumb

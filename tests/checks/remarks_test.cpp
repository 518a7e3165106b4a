#include "checks/remarks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "tests/support/case_builder.hpp"

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

}  // namespace
}  // namespace plumb

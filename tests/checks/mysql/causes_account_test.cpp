#include <gtest/gtest.h>

#include <cstdint>

#include "checks/mysql/facts.hpp"
#include "probe/model/keys.hpp"
#include "tests/checks/mysql/conversation.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::mysql {
namespace {

using Ids = std::vector<std::string_view>;
const wire::Bytes kHello = test::GreetingFrame().bytes();

Ids found(const Conversation& conversation, std::vector<wire::Bytes> turns) {
  turns.insert(turns.begin(), kHello);
  return CaseOf().add(conversation, script(std::move(turns))).found();
}

TEST(AccountCauses, ByNumberForAnAccountOnly) {
  const std::pair<int, std::string_view> rows[] = {
      {1045, "mysql-access-denied-1045"},         {1698, "mysql-access-denied-1045"},
      {1251, "mysql-auth-plugin-unsupported"},    {1524, "mysql-auth-plugin-unsupported"},
      {1862, "mysql-password-expired-1820-1862"}, {1820, "mysql-password-expired-1820-1862"},
      {3118, "mysql-account-locked-3118"},        {3955, "mysql-account-locked-3118"},
      {4151, "mysql-account-locked-3118"},        {1049, "mysql-unknown-database-1049"},
      {1044, "mysql-db-access-denied-1044"}};
  for (const auto& [code, id] : rows) {
    const auto error = test::err(2, static_cast<std::uint16_t>(code), "text");
    const bool denied = id == "mysql-access-denied-1045";
    EXPECT_EQ(found(with_account(), {error}),
              denied ? (Ids{id, "mysql-user-requires-ssl"}) : Ids{id})
        << code;
    EXPECT_EQ(found(anonymous(), {error}), Ids()) << code;
  }
}

TEST(AccountCauses, ARefusalWithoutAProofSaysNothingAboutThePassword) {
  EXPECT_EQ(found(with_account(), {test::auth_more(2, 4), test::err(4, 1045, "Access denied")}),
            Ids{"mysql-sha2-needs-secure-channel"});
  EXPECT_EQ(found(with_account(),
                  {test::auth_switch(2, "sha256_password"), test::err(4, 1045, "Access denied")}),
            Ids{"mysql-auth-plugin-unsupported"});
}

TEST(AccountCauses, ThePluginAskedForIsNamed) {
  CaseOf about;
  about.add(with_account(),
            script({kHello, test::auth_switch(2, "dialog"), test::err(4, 1045, "Access denied")}));
  const Verdict verdict = about.judge("mysql-auth-plugin-unsupported");
  EXPECT_EQ(bound(verdict, "plugin"), "dialog");
  EXPECT_EQ(verdict.confidence, Confidence::likely);
}

constexpr std::string_view kDenied = "mysql-access-denied-1045";
constexpr std::string_view kRequiresTls = "mysql-user-requires-ssl";

TEST(AccountCauses, WithoutTlsARefusalHasTwoReadings) {
  const auto denied = test::err(2, 1045, "Access denied for user 'app'@'10.0.0.5'");
  const auto offers_tls = test::GreetingFrame().caps(test::kTlsCaps).bytes();
  CaseOf in_clear, nothing_else, over;
  in_clear.add(with_account(), script({offers_tls, denied}));
  EXPECT_EQ(in_clear.judge(kRequiresTls).confidence, Confidence::possible);
  EXPECT_EQ(in_clear.judge(kDenied).confidence, Confidence::likely);
  EXPECT_FALSE(in_clear.judge(kDenied).decide_by.empty());
  nothing_else.add(with_account(), script({kHello, denied}));
  EXPECT_EQ(bound(in_clear.judge(kRequiresTls), "offer"), "although it offers TLS");
  EXPECT_EQ(nothing_else.judge(kRequiresTls).confidence, Confidence::possible) << "none offered";
  EXPECT_EQ(bound(nothing_else.judge(kRequiresTls), "offer"), "and offers none");
  EXPECT_EQ(nothing_else.judge(kDenied).confidence, Confidence::likely);
  EXPECT_NE(nothing_else.judge(kDenied).decide_by, in_clear.judge(kDenied).decide_by);
  over.add(with_account(TlsMode::required), over_tls(tls_report(), {test::err(3, 1045, "x")}));
  EXPECT_FALSE(over.judge(kRequiresTls).matched);
  EXPECT_EQ(over.judge(kDenied).confidence, Confidence::certain);
}

Verdict denied_at_endpoint(std::string_view profile, TlsMode mode) {
  test::CaseBuilder about("db.example.com:4000");
  about.profile(profile).tls_policy(mode).account("app").connect("10.0.0.1:4000");
  about.then(Phase::greeting).tls(true, true, true).login("account", Failure::mysql_error);
  about.fact(key::login_account, true).fact(key::login_secure, true);
  about.fact(key::error_code, std::int64_t{1045});
  for (const Cause& cause : account_causes())
    if (cause.id == kDenied) return cause.match(about.build());
  return Verdict::no("no such row");
}

TEST(AccountCauses, BehindAnEndpointOnlyAVerifiedNameTellsWhichClusterRefuses) {
  const auto sure = [](std::string_view profile, TlsMode mode) {
    return denied_at_endpoint(profile, mode).confidence;
  };
  for (const auto profile : {"tidb-dedicated-private", "tidb-starter-private-aws", "aws-vpce"}) {
    EXPECT_EQ(sure(profile, TlsMode::required), Confidence::likely) << profile;
    EXPECT_FALSE(denied_at_endpoint(profile, TlsMode::required).decide_by.empty());
    EXPECT_EQ(sure(profile, TlsMode::verify_full), Confidence::certain) << profile;
  }
  EXPECT_EQ(sure("tidb-dedicated-peering", TlsMode::required), Confidence::certain);
  EXPECT_EQ(sure("aurora-direct", TlsMode::required), Confidence::certain);
}

TEST(AccountCauses, WhoeverAskedForACertificateMayWantOne) {
  wire::TlsReport asked = tls_report();
  asked.facts.set(plumb::key::tls_client_cert_requested, true);
  CaseOf about;
  about.add(with_account(TlsMode::required), over_tls(asked, {test::err(3, 1045, "x")}));
  EXPECT_EQ(about.judge(kDenied).confidence, Confidence::likely);
}

}  // namespace
}  // namespace plumb::mysql

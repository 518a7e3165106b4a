#include "checks/mysql/policy.hpp"

#include <gtest/gtest.h>

#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

TEST(Policy, WithoutTls) {
  EXPECT_TRUE(meets_policy(TlsMode::off, nullptr));
  EXPECT_TRUE(meets_policy(TlsMode::preferred, nullptr));
  EXPECT_FALSE(meets_policy(TlsMode::required, nullptr));
  EXPECT_FALSE(meets_policy(TlsMode::verify_ca, nullptr));
  EXPECT_FALSE(meets_policy(TlsMode::verify_full, nullptr));
}

TEST(Policy, EachModeLooksAtItsOwnVerdicts) {
  const auto meets = [](TlsMode mode, bool chain, bool name, bool dates) {
    const wire::TlsReport report = tls_report(chain, name, dates);
    return meets_policy(mode, &report);
  };
  EXPECT_TRUE(meets(TlsMode::verify_full, true, true, true));
  EXPECT_FALSE(meets(TlsMode::verify_full, true, false, true));
  EXPECT_FALSE(meets(TlsMode::verify_full, false, true, true));
  EXPECT_FALSE(meets(TlsMode::verify_full, true, true, false));
  EXPECT_TRUE(meets(TlsMode::verify_ca, true, false, true));
  EXPECT_FALSE(meets(TlsMode::verify_ca, true, true, false));
  EXPECT_TRUE(meets(TlsMode::required, false, false, false));
  EXPECT_TRUE(meets(TlsMode::preferred, false, false, false));
}

TEST(Policy, AnAccountNeedsSomethingToProve) {
  Greeting greeting;
  greeting.nonce = test::nonce();
  EXPECT_TRUE(can_prove({"app", Secret("s3cret"), true, {}}, greeting));
  EXPECT_FALSE(can_prove({"app", Secret(), true, {}}, greeting));
  EXPECT_FALSE(can_prove({"app", Secret("s3cret"), false, {}}, greeting));
  EXPECT_FALSE(can_prove({"", Secret("s3cret"), true, {}}, greeting));
  greeting.nonce.pop_back();
  EXPECT_FALSE(can_prove({"app", Secret("s3cret"), true, {}}, greeting));
}

TEST(Policy, TheAnonymousLoginHasNoSecretsWhateverIsConfigured) {
  Conversation conversation;
  conversation.anonymous = {"probe", Secret("oops"), true, "shop"};
  const Login login = anonymous_of(conversation);
  EXPECT_EQ(login.user, "probe");
  EXPECT_TRUE(login.password.empty());
  EXPECT_FALSE(login.is_account);
  EXPECT_EQ(login.database, "");
}

TEST(Policy, BitsAreTheSameWhoeverLogsIn) {
  Greeting greeting;
  const std::uint32_t bits =
      session_capabilities(with_account(TlsMode::required, "shop"), greeting, true);
  EXPECT_TRUE(bits & capability::kConnectWithDb);
  EXPECT_TRUE(bits & capability::kSsl);
  EXPECT_FALSE(session_capabilities(anonymous(), greeting, false) & capability::kConnectWithDb);
}

}  // namespace
}  // namespace plumb::mysql

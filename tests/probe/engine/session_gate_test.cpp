#include "probe/engine/session_gate.hpp"

#include <gtest/gtest.h>

#include "checks/session/check.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/fake_talk.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

const Address kFirst = *Address::parse("10.0.0.1"), kSecond = *Address::parse("10.0.0.2");

Plan plan_of(Settings settings, TlsMode mode = TlsMode::verify_full) {
  settings.tls = mode;
  return make_plan(*parse_target("db.example.com:4000").target,
                   std::make_shared<Settings>(settings), test::fake_talk(),
                   &session::session_check());
}

Plan plan_with_account(TlsMode mode = TlsMode::verify_full) {
  return plan_of(test::with_account("app"), mode);
}

// A way on which our own handshake met everything and the account was accepted.
Route good(const Address& address) {
  Route route;
  route.endpoint = {address, 4000};
  route.account_accepted = true;
  Observation tls;
  tls.phase = Phase::tls;
  tls.facts.set(key::tls_version, std::string("1.3"));
  tls.facts.set(key::tls_chain_ok, true);
  tls.facts.set(key::tls_dates_ok, true);
  tls.facts.set(key::tls_name_ok, true);
  route.conversation.push_back(std::move(tls));
  return route;
}

std::string reason(const std::optional<NoSession>& forbidden) {
  return forbidden ? std::string(forbidden->reason) : "held";
}

std::string over(const Plan& plan, const std::list<Route>& routes, std::vector<Address> given,
                 const Memory& memory = {}) {
  net::SystemReply reply;
  reply.addresses = std::move(given);
  return reason(forbids_session(plan, routes, 4000, reply, memory));
}

TEST(SessionGate, AnAccountWantsOneAndEveryPurposeButConnect) {
  EXPECT_FALSE(wants_session(plan_of({})));
  EXPECT_TRUE(wants_session(plan_with_account()));
  Settings dms;
  dms.purpose = Purpose::dms_source;
  EXPECT_TRUE(wants_session(plan_of(dms)));
  Plan without = plan_with_account();
  without.session = nullptr;
  EXPECT_FALSE(wants_session(without));
}

TEST(SessionGate, TheLibraryMustGoTheWayThatWasGone) {
  EXPECT_EQ(reason(forbids_session(plan_of({}))), "no-account");
  EXPECT_EQ(reason(forbids_session(plan_with_account())), "held");
  Settings settings = test::with_account("app");
  settings.connect_to = kFirst;
  EXPECT_EQ(reason(forbids_session(plan_of(settings))), "connect-to");
  settings = test::with_account("app");
  settings.source = kSecond;
  EXPECT_EQ(reason(forbids_session(plan_of(settings))), "source-address");
  settings = test::with_account("app");
  settings.server_name = "other.example.com";
  EXPECT_EQ(reason(forbids_session(plan_of(settings))), "other-server-name");
  EXPECT_EQ(reason(forbids_session(plan_of(settings, TlsMode::required))), "other-server-name");
  settings.server_name = "db.example.com";
  EXPECT_EQ(reason(forbids_session(plan_of(settings))), "held");
}

TEST(SessionGate, EveryAddressThatTheNameGivesMustBeGood) {
  const Plan plan = plan_with_account();
  EXPECT_EQ(over(plan, {good(kFirst), good(kSecond)}, {kFirst, kSecond}), "held");
  EXPECT_EQ(over(plan, {good(kFirst), good(kSecond)}, {kFirst}), "held");
  EXPECT_EQ(over(plan, {good(kFirst)}, {kFirst, kSecond}), "other-addresses");
  EXPECT_EQ(over(plan, {good(kFirst)}, {}), "other-addresses");
}

TEST(SessionGate, OneAddressThatRefusedTheAccountOrItsPasswordIsEnough) {
  Route anonymous = good(kSecond);
  anonymous.account_accepted = false;
  EXPECT_EQ(over(plan_with_account(), {good(kFirst), anonymous}, {kFirst, kSecond}),
            "account-not-accepted");
}

TEST(SessionGate, WithoutTlsThereIsNoneWhateverThePolicyLetsPass) {
  Route plain = good(kFirst);
  plain.conversation.clear();
  for (const TlsMode mode : {TlsMode::off, TlsMode::preferred})
    EXPECT_EQ(over(plan_with_account(mode), {plain}, {kFirst}), "without-tls");
  Route broken = good(kFirst);
  broken.conversation.front().facts = {};
  broken.conversation.front().failure = Failure::tls_alert;
  EXPECT_EQ(over(plan_with_account(TlsMode::preferred), {broken}, {kFirst}), "without-tls");
}

TEST(SessionGate, ThePolicyHoldsOnEachAddress) {
  Route other_name = good(kFirst), expired = good(kFirst), foreign = good(kFirst);
  other_name.conversation.front().facts.set(key::tls_name_ok, false);
  expired.conversation.front().facts.set(key::tls_dates_ok, false);
  foreign.conversation.front().facts.set(key::tls_chain_ok, false);
  for (const Route& route : {other_name, expired, foreign}) {
    EXPECT_EQ(over(plan_with_account(), {route}, {kFirst}), "policy-not-met");
    for (const TlsMode less : {TlsMode::off, TlsMode::preferred, TlsMode::required})
      EXPECT_EQ(over(plan_with_account(less), {route}, {kFirst}), "certificate-not-proven");
  }
  EXPECT_EQ(over(plan_with_account(TlsMode::verify_ca), {other_name}, {kFirst}),
            "certificate-not-proven");
  EXPECT_EQ(over(plan_with_account(TlsMode::verify_ca), {expired}, {kFirst}), "policy-not-met");
}

TEST(SessionGate, WhereTooMuchWasBrokenOffItBeginsNothing) {
  Memory memory;
  for (int i = 0; i < Memory::kMaxDrops; ++i)
    memory.note({kFirst, 4000}, wire::Ending::dropped, false, true, std::nullopt, Micros(0));
  EXPECT_EQ(over(plan_with_account(), {good(kFirst)}, {kFirst}, memory), "harm-budget");
}

TEST(SessionGate, UnderAnyPolicyAProvenCertificateHoldsASession) {
  for (const TlsMode mode : {TlsMode::preferred, TlsMode::required, TlsMode::verify_ca})
    EXPECT_EQ(over(plan_with_account(mode), {good(kFirst)}, {kFirst}), "held");
}

TEST(SessionGate, TheOrderGoesByName) {
  const auto order = session_order(plan_with_account(), 4000);
  EXPECT_EQ(order.host, "db.example.com");
  EXPECT_EQ(order.port, 4000);
  EXPECT_TRUE(order.account.is_account);
}

TEST(SessionGate, WhatWasNotHeldSaysWhy) {
  const Observation seen = not_held(kNoTime);
  EXPECT_EQ(seen.phase, Phase::session);
  EXPECT_EQ(seen.failure, Failure::not_visible);
  EXPECT_EQ(seen.facts.get_or(key::session_not_held, std::string()), "no-time");
  EXPECT_FALSE(seen.raw.empty());
}

}  // namespace
}  // namespace plumb::engine

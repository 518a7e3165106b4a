#include "probe/engine/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <set>
#include <string>
#include <vector>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

using test::listening;
using test::run_scripted;
using test::talks;

Endpoint at(const char* text) { return *Endpoint::parse(text); }

// Of the first pass and of where-am-I.
std::vector<Phase> phases(const Case& one) {
  std::vector<Phase> list;
  for (const Observation& seen : experiment::first_pass(one.evidence)) list.push_back(seen.phase);
  return list;
}

const Observation& last_of(const Case& one, Phase phase) {
  const auto all = experiment::first_pass(one.evidence);
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [&](const Observation& o) { return o.phase == phase; });
  if (found == all.rend()) throw std::out_of_range("no such phase");
  return *found;
}

Facts own_view(const Case& one) {
  for (const Observation& seen : one.evidence.observations)
    if (seen.phase == Phase::local && !seen.facts.has(key::local_metadata)) return seen.facts;
  throw std::out_of_range("no view of this host");
}

TEST(Runner, ALiteralTargetHasNothingToResolve) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  Memory memory;
  const auto cases = run_scripted("10.0.0.1:4000", world, {}, memory);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(phases(cases[0]), (std::vector<Phase>{Phase::connect, Phase::greeting, Phase::login}));
  EXPECT_EQ(cases[0].evidence.observations[2].after, 2);
  EXPECT_EQ(cases[0].evidence.observations[2].endpoint, "10.0.0.1:4000");
}

TEST(Runner, LooksAtItselfOnlyWhenSomethingFailed) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")].failure = Failure::refused;
  Memory memory;
  const auto cases = run_scripted("10.0.0.1:4000", world, {}, memory);
  EXPECT_EQ(phases(cases[0]), (std::vector<Phase>{Phase::connect, Phase::local, Phase::local}));
  EXPECT_TRUE(last_of(cases[0], Phase::local).facts.has(key::local_metadata));
}

TEST(Runner, ThePortThatGreetsIsTheTargets) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")].failure = Failure::refused;
  world.endpoints[at("10.0.0.1:3306")] = listening("ok");
  Memory memory;
  const auto cases = run_scripted("10.0.0.1", world, {}, memory);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].target.port, 3306);
}

TEST(Runner, TwoPortsThatGreetAreTwoTargetsAndNoneIsOne) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  world.endpoints[at("10.0.0.1:3306")] = listening("ok");
  Memory memory;
  EXPECT_EQ(run_scripted("10.0.0.1", world, {}, memory).size(), 2U);

  world.endpoints.clear();
  const auto none = run_scripted("10.0.0.1", world, {}, memory);
  ASSERT_EQ(none.size(), 1U);
  EXPECT_FALSE(none[0].target.port);
  EXPECT_EQ(phases(none[0]),
            (std::vector<Phase>{Phase::connect, Phase::connect, Phase::local, Phase::local}))
      << "both in evidence";
}

TEST(Runner, WhatThisHostHasIsSaidOnlyWhereItIsKnownAndUsed) {
  net::ScriptedWorld world;
  world.locality.known = false;
  world.resolv_readable = false;
  Memory memory;
  const Facts blind = own_view(run_scripted("db:1", world, {}, memory)[0]);
  EXPECT_FALSE(blind.has(key::local_addresses)) << "not: it has none";
  EXPECT_FALSE(blind.get_or(key::local_resolv_conf, true));

  Settings other;
  other.resolvers = {at("10.0.0.9:53")};
  for (const auto& [target, settings] :
       {std::pair{"db:1", other}, std::pair{"10.0.0.1:1", Settings{}}}) {
    const auto cases = run_scripted(target, world, settings, memory);
    EXPECT_FALSE(own_view(cases[0]).has(key::local_resolv_conf));
  }
}

TEST(Runner, WhatTheKernelCountedDuringASilenceIsToldOfTheFollowUpsToo) {
  net::ScriptedWorld world;
  world.locality.syns = net::SynCounters{1000, 500};
  world.endpoints[at("10.0.0.1:4000")].held_back = true;
  world.endpoints[at("10.0.0.1:3306")].failure = Failure::refused;
  world.endpoints[at("10.0.0.1:443")].failure = Failure::timed_out;
  Memory memory;
  const Facts seen = own_view(run_scripted("10.0.0.1:4000", world, {}, memory)[0]);
  const auto resent = seen.get_or(key::local_syns_resent, std::int64_t{0});
  const auto failed = seen.get_or(key::local_resends_failed, std::int64_t{0});
  EXPECT_GE(failed, 6) << "since the trouble began, and not before";
  EXPECT_LT(failed, 500);
  EXPECT_EQ(resent, failed + 3) << "port 443 is silent for another reason";
}

TEST(Runner, TheKernelIsNotAskedWhereEverySynWasAnsweredAndNotQuotedWhereItDoesNotTell) {
  net::ScriptedWorld world;
  world.locality.syns = net::SynCounters{1000, 500};
  world.endpoints[at("10.0.0.1:4000")].failure = Failure::refused;
  Memory memory;
  const auto view = [&](const char* target) {
    return own_view(run_scripted(target, world, {}, memory)[0]);
  };
  EXPECT_FALSE(view("10.0.0.1:4000").has(key::local_syns_resent));
  EXPECT_TRUE(view("10.0.0.2:4000").has(key::local_syns_resent));
  world.locality.syns.reset();
  EXPECT_FALSE(view("10.0.0.2:4000").has(key::local_syns_resent));
}

TEST(Runner, ARefusedPasswordGoesToOneAddressAndRestsAfterwards) {
  net::ScriptedWorld world;
  for (const char* text : {"10.0.0.1:4000", "10.0.0.2:4000", "10.0.0.3:4000"})
    world.endpoints[at(text)] = listening("no");
  world.hosts = "10.0.0.1 db\n10.0.0.2 db\n10.0.0.3 db\n";
  Memory memory;
  talks().clear();
  run_scripted("db:4000", world, test::with_account("app"), memory);
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 1);
  EXPECT_EQ(talks().size(), 3U);

  talks().clear();
  const auto again = run_scripted("db:4000", world, test::with_account("app"), memory);
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 0);
  EXPECT_NO_THROW(own_view(again[0])) << "it still counts as failed";
  const Observation& recalled = last_of(again[0], Phase::login);
  EXPECT_EQ(recalled.failure, Failure::mysql_error);
  EXPECT_TRUE(recalled.facts.has(key::client_last_login_age));
}

// Conversations take a moment, so that those of several targets overlap.
class SlowNetwork : public net::ScriptedNetwork {
 public:
  using ScriptedNetwork::ScriptedNetwork;
  std::chrono::milliseconds moment{5};
  net::awaitable<void> converse(net::Connection& connection, wire::Exchange& exchange,
                                const wire::TlsSettings& tls, net::Deadline deadline) override {
    net::Timer pause(executor(), moment);
    co_await pause.async_wait(net::use_awaitable);
    co_await ScriptedNetwork::converse(connection, exchange, tls, deadline);
  }
};

net::awaitable<void> run_into(const Plan& plan, net::Network& network, Memory& memory,
                              std::vector<Case>& cases) {
  std::vector<Case> some = co_await run(plan, network, memory);
  cases.insert(cases.end(), some.begin(), some.end());
}

template <class Slow = SlowNetwork>
std::vector<Case> run_together(const std::vector<const char*>& targets,
                               const net::ScriptedWorld& world) {
  asio::io_context io{1};
  Memory memory;
  Slow network(io.get_executor(), world);
  std::list<Plan> plans;
  std::vector<Case> cases;
  talks().clear();
  for (const char* target : targets) {
    plans.push_back(make_plan(*parse_target(target).target,
                              std::make_shared<Settings>(test::with_account("app")),
                              test::fake_talk()));
    asio::co_spawn(io, run_into(plans.back(), network, memory, cases), asio::detached);
  }
  io.run();
  return cases;
}

TEST(Runner, ARefusedPasswordIsSentOnceUnderHoweverManyNames) {
  net::ScriptedWorld world;
  for (const char* text : {"10.0.0.1:4000", "10.0.0.2:4000", "10.0.0.2:3306"})
    world.endpoints[at(text)] = listening("no");
  world.hosts = "10.0.0.1 zone-a\n10.0.0.2 zone-b\n";
  const auto cases = run_together({"zone-a:4000", "zone-a:4000", "zone-b:4000", "zone-b"}, world);
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 1);
  ASSERT_EQ(cases.size(), 5U);
  const auto& same = cases[1].evidence.observations;
  EXPECT_TRUE(std::any_of(same.begin(), same.end(), [](const Observation& seen) {
    return seen.failure == Failure::mysql_error && seen.facts.has(key::client_last_login_age);
  })) << "the same target again: its own refusal stands";
  for (std::size_t i = 2; i < cases.size(); ++i) {
    const auto& other = cases[i].evidence.observations;
    EXPECT_TRUE(std::any_of(other.begin(), other.end(), [](const Observation& seen) {
      return seen.facts.get_or(key::client_harm_budget, std::string()) ==
             "password-refused-elsewhere";
    })) << "another target's refusal is no evidence, but said";
    for (const Observation& seen : other) EXPECT_NE(seen.failure, Failure::mysql_error);
  }
}

TEST(Runner, ARefusalWhoseRestEndsDuringTheRunStillStands) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  Settings settings = test::with_account("app");
  settings.retry_auth = std::chrono::seconds(1);
  asio::io_context io{1};
  Memory memory;
  Observation login;
  login.phase = Phase::login;
  login.failure = Failure::mysql_error;
  memory.note_refused("app", {"10.0.0.1:4000", login, net::Clock::now()});
  SlowNetwork network(io.get_executor(), world);
  network.moment = std::chrono::milliseconds(1050);
  const Plan plan = make_plan(*parse_target("10.0.0.1:4000").target,
                              std::make_shared<Settings>(settings), test::fake_talk());
  std::vector<Case> cases;
  talks().clear();
  asio::co_spawn(io, run_into(plan, network, memory, cases), asio::detached);
  io.run();
  EXPECT_EQ(talks(), std::vector<std::string>{"anonymous"});
  ASSERT_EQ(cases.size(), 1U);
  const auto& seen = cases[0].evidence.observations;
  EXPECT_TRUE(std::any_of(seen.begin(), seen.end(), [](const Observation& one) {
    return one.failure == Failure::mysql_error;
  })) << "an anonymous login alone would read as a healthy account";
}

TEST(Runner, ARightPasswordReachesEveryTargetAndAddress) {
  net::ScriptedWorld world;
  for (const char* text : {"10.0.0.1:4000", "10.0.0.2:4000", "10.0.0.3:4000"})
    world.endpoints[at(text)] = listening("ok");
  world.hosts = "10.0.0.1 db\n10.0.0.2 db\n10.0.0.3 other\n";
  run_together({"db:4000", "other:4000", "db:4000"}, world);
  EXPECT_EQ(talks(), std::vector<std::string>(5, "account"));
}

// A first connect that is not answered takes its time.
class DeadNetwork : public SlowNetwork {
 public:
  using SlowNetwork::SlowNetwork;
  net::awaitable<net::Connected> connect(Endpoint to, net::ConnectOptions options,
                                         net::Deadline deadline) override {
    if (to.address != Address::v4({10, 0, 0, 1}) && tried_.insert(to).second) {
      net::Timer pause(executor(), std::chrono::milliseconds(2000));
      co_await pause.async_wait(net::use_awaitable);
    }
    co_return co_await ScriptedNetwork::connect(to, options, deadline);
  }

 private:
  std::set<Endpoint> tried_;
};

TEST(Runner, TheDeadDoNotHoldUpThoseWithTheSameAccount) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  for (const char* dead : {"10.0.0.2:4000", "10.0.0.3:4000"})
    world.endpoints[at(dead)].failure = Failure::timed_out;
  const auto cases =
      run_together<DeadNetwork>({"10.0.0.2:4000", "10.0.0.3:4000", "10.0.0.1:4000"}, world);
  EXPECT_EQ(talks(), std::vector<std::string>{"account"});
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_EQ(cases.front().target.host, "10.0.0.1") << "the first to end, though the last to begin";
}

// The first to connect holds the account's turn for longer than the others' servers can be let wait.
class BusyNetwork : public SlowNetwork {
 public:
  using SlowNetwork::SlowNetwork;
  net::awaitable<net::Connected> connect(Endpoint to, net::ConnectOptions options,
                                         net::Deadline deadline) override {
    if (to.address != Address::v4({10, 0, 0, 1})) {
      net::Timer pause(executor(), std::chrono::milliseconds(500));
      co_await pause.async_wait(net::use_awaitable);
    }
    co_return co_await ScriptedNetwork::connect(to, options, deadline);
  }
  net::awaitable<void> converse(net::Connection& connection, wire::Exchange& exchange,
                                const wire::TlsSettings& tls, net::Deadline deadline) override {
    moment = std::chrono::milliseconds(std::exchange(first_, false) ? 3000 : 5);
    co_await SlowNetwork::converse(connection, exchange, tls, deadline);
  }

 private:
  bool first_ = true;
};

// What 10.0.0.2 says of the account; it began first, and lent the turn.
std::vector<std::string> told_by_the_second(const net::ScriptedEndpoint& second) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  world.endpoints[at("10.0.0.2:4000")] = second;
  const auto cases = run_together<BusyNetwork>({"10.0.0.2:4000", "10.0.0.1:4000"}, world);
  std::vector<std::string> told;
  for (const Case& one : cases)
    for (const Observation& seen : one.evidence.observations)
      if (seen.facts.has(key::client_harm_budget))
        told.push_back(seen.endpoint + " " +
                       seen.facts.get_or(key::client_harm_budget, std::string()));
  return told;
}

TEST(Runner, AnAnonymousLoginForWantOfTheAccountsTurnSaysSo) {
  EXPECT_EQ(told_by_the_second(listening("ok")),
            std::vector<std::string>{"10.0.0.2:4000 account-in-use"});
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 1);
}

TEST(Runner, WhatBrokeBeforeTheLoginBrokeForNoWantOfATurn) {
  EXPECT_TRUE(told_by_the_second({}).empty());
  EXPECT_GE(talks().size(), 2U);
}

TEST(Runner, APasswordThatWasHeardInSilenceGoesToNoSecondAddress) {
  net::ScriptedWorld world;
  for (const char* text : {"10.0.0.1:4000", "10.0.0.2:4000", "10.0.0.3:4000"})
    world.endpoints[at(text)] = listening("hangs up");
  world.hosts = "10.0.0.1 db\n10.0.0.2 db\n10.0.0.3 db\n";
  run_together({"db:4000"}, world);
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 1) << "nor in a follow-up";
  EXPECT_GE(talks().size(), 3U);
}

}  // namespace
}  // namespace plumb::engine

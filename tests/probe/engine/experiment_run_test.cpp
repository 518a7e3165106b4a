#include "probe/engine/experiment_run.hpp"

#include <gtest/gtest.h>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

Endpoint at(const char* text) { return *Endpoint::parse(text); }

constexpr std::chrono::milliseconds kWholeBudget{10000};

std::vector<Observation> performed_over(asio::io_context& io, net::Network& network,
                                        const Experiment& experiment, Memory& memory,
                                        const Settings& settings = {},
                                        std::chrono::milliseconds left = kWholeBudget,
                                        bool wanted = true) {
  const Plan plan = make_plan(*parse_target("db:4000").target, std::make_shared<Settings>(settings),
                              test::fake_talk());
  const std::vector<Address> tried;
  const ExperimentContext context{plan,
                                  network,
                                  memory,
                                  net::Clock::now() + left,
                                  tried,
                                  Micros(0),
                                  [wanted] { return wanted; }};
  std::vector<Observation> seen;
  const auto whole = [&]() -> net::awaitable<void> {
    seen = co_await perform(context, experiment);
  };
  asio::co_spawn(io, whole, asio::detached);
  io.run();
  return seen;
}

std::vector<Observation> performed(const net::ScriptedWorld& world, const Experiment& experiment,
                                   Memory& memory, std::chrono::milliseconds left = kWholeBudget,
                                   bool wanted = true) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), world);
  return performed_over(io, network, experiment, memory, {}, left, wanted);
}

TEST(ExperimentRun, EveryStepSaysWhichExperimentItIsOf) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  Memory memory;
  Experiment repeat{.name = experiment::kRepeat, .to = at("10.0.0.1:4000")};
  repeat.attempt = 2;
  const auto seen = performed(world, repeat, memory);
  ASSERT_EQ(seen.size(), 3U) << "connect, greeting, login";
  for (const Observation& step : seen) {
    EXPECT_EQ(experiment::name_of(step), experiment::kRepeat);
    EXPECT_EQ(step.facts.get_or(key::path_attempt, std::int64_t{0}), 2);
  }
}

// Nobody gives back what others have taken.
class WithoutSecondTls : public net::ScriptedNetwork {
 public:
  using ScriptedNetwork::ScriptedNetwork;
  net::awaitable<net::Places::Place> room(Room of, net::Deadline limit) override {
    if (of == Room::second_tls) return taken_.take(executor(), net::Clock::now());
    return ScriptedNetwork::room(of, limit);
  }

 private:
  net::Places taken_{0};
};

// How many steps are seen of it where nobody may have a second handshake.
std::size_t steps_without_room(const Experiment& experiment, TlsMode of_target) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  asio::io_context io{1};
  WithoutSecondTls network(io.get_executor(), world);
  Settings settings;
  settings.tls = of_target;
  Memory memory;
  return performed_over(io, network, experiment, memory, settings).size();
}

TEST(ExperimentRun, AHandshakeBesideOneThatHangsHasToFindRoom) {
  const Endpoint there = at("10.0.0.1:4000");
  const Experiment repeat{.name = experiment::kRepeat, .to = there};
  const Experiment small{.name = experiment::kSmallSegments, .to = there};
  Experiment first{.name = experiment::kTlsFirst, .to = there};
  first.tls = Experiment::Tls::first;
  EXPECT_EQ(steps_without_room(repeat, TlsMode::required), 3U) << "the target's own place is free";
  EXPECT_EQ(steps_without_room(small, TlsMode::required), 0U);
  EXPECT_EQ(steps_without_room(small, TlsMode::off), 3U) << "no handshake at all";
  EXPECT_EQ(steps_without_room(first, TlsMode::off), 0U) << "the target has no place of its own";
}

TEST(ExperimentRun, NothingIsSentWhereTheHarmBudgetForbidsIt) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  Memory memory;
  for (int i = 0; i < 2 * Memory::kMaxDrops; ++i)
    memory.note(at("10.0.0.1:4000"), wire::Ending::dropped, true, false, {}, Micros(1000));
  Experiment repeat{.name = experiment::kRepeat, .to = at("10.0.0.1:4000")};
  EXPECT_TRUE(performed(world, repeat, memory).empty());
}

TEST(ExperimentRun, NothingBeginsWithoutTimeForIt) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  Memory memory;
  Experiment repeat{.name = experiment::kRepeat, .to = at("10.0.0.1:4000")};
  EXPECT_TRUE(performed(world, repeat, memory, std::chrono::milliseconds(1000)).empty())
      << "15 % of ten seconds are a SYN's share: silence for less would be none";
  repeat.kind = Experiment::Kind::trace;
  EXPECT_TRUE(performed(world, repeat, memory, std::chrono::milliseconds(1000)).empty());
}

TEST(ExperimentRun, NothingBeginsOnceTheTroubleIsGone) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  Memory memory;
  Experiment repeat{.name = experiment::kRepeat, .to = at("10.0.0.1:4000")};
  repeat.pause = std::chrono::seconds(1);
  EXPECT_TRUE(performed(world, repeat, memory, kWholeBudget, false).empty());
}

TEST(ExperimentRun, TheLastDropIsTheFirstPasss) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  Memory memory;
  for (int i = 0; i < Memory::kMaxDrops - 1; ++i)
    memory.note(at("10.0.0.1:4000"), wire::Ending::dropped, true, true, {}, Micros(1000));
  Experiment first{.name = experiment::kTlsFirst, .to = at("10.0.0.1:4000")};
  first.tls = Experiment::Tls::first;
  EXPECT_TRUE(performed(world, first, memory).empty());
  EXPECT_EQ(memory.permit(at("10.0.0.1:4000"), true), Memory::Permit::all);
}

TEST(ExperimentRun, ATraceThatIsAcceptedFinishesTheLogin) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = test::listening("ok");
  world.hops = {"10.0.1.1", "*", "10.0.2.1"};
  Memory memory;
  Experiment trace{.name = experiment::kPathTrace, .to = at("10.0.0.1:4000")};
  trace.kind = Experiment::Kind::trace;
  const auto seen = performed(world, trace, memory);
  ASSERT_EQ(seen.size(), 3U) << "path, greeting, login";
  EXPECT_EQ(seen[0].phase, Phase::path);
  EXPECT_EQ(seen[0].facts.get_or(key::path_last_hop, std::int64_t{0}), 3);
  EXPECT_EQ(seen[2].phase, Phase::login);
}

TEST(ExperimentRun, ANameWithoutIPv4AddressesIsAskedForTheOthers) {
  net::ScriptedWorld world;
  const Endpoint resolver = at("169.254.169.253:53");
  world.answers[{resolver, "db", wire::DnsType::a}];
  world.answers[{resolver, "db", wire::DnsType::aaaa}].message.addresses = {
      at("[fd00::1]:1").address};
  Memory memory;
  Experiment ask{.name = experiment::kCloudResolver, .to = resolver};
  ask.kind = Experiment::Kind::question;
  ask.question = "db";
  const auto seen = performed(world, ask, memory);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].failure, Failure::nodata);
  EXPECT_EQ(seen[1].facts.get_or(key::dns_answers, {}), std::vector<std::string>{"fd00::1"});
}

TEST(ExperimentRun, AQuestionOverTcp) {
  net::ScriptedWorld world;
  const Endpoint resolver = at("10.0.0.2:53");
  world.answers[{resolver, "db", wire::DnsType::a}].message.addresses = {at("10.0.0.1:1").address};
  world.only_tcp = {resolver};
  Memory memory;
  Experiment ask{.name = experiment::kResolverOverTcp, .to = resolver};
  ask.kind = Experiment::Kind::question;
  ask.question = "db";
  EXPECT_EQ(performed(world, ask, memory).at(0).failure, Failure::timed_out);
  ask.over_tcp = true;
  const auto seen = performed(world, ask, memory);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_FALSE(seen[0].failure);
  EXPECT_EQ(seen[0].facts.get_or(key::dns_transport, std::string()), "tcp");
}

}  // namespace
}  // namespace plumb::engine

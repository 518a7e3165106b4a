#include "probe/engine/resolve.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

using net::ScriptedWorld;
using wire::DnsType;

Resolved resolve_in(const ScriptedWorld& world, const char* target, const Settings& settings = {}) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), world);
  const Plan plan = make_plan(*parse_target(target).target, std::make_shared<Settings>(settings),
                              test::fake_talk());
  Resolved result;
  const auto whole = [&]() -> net::awaitable<void> {
    result = co_await resolve(plan, network, net::Clock::now() + std::chrono::seconds(10));
  };
  asio::co_spawn(io, whole, asio::detached);
  io.run();
  return result;
}

void answer(ScriptedWorld& world, const char* resolver, const char* name, const char* address) {
  net::ScriptedAnswer reply;
  reply.message.addresses = {*Address::parse(address)};
  world.answers[{*Endpoint::parse(resolver), name, DnsType::a}] = reply;
}

TEST(Resolve, AddressLiteralsAndConnectToAskNobody) {
  Settings settings;
  settings.connect_to = Address::parse("10.9.9.9");
  EXPECT_TRUE(resolve_in({}, "10.0.0.1:4000").observations.empty());
  const Resolved given = resolve_in({}, "db.example.com", settings);
  EXPECT_TRUE(given.observations.empty());
  EXPECT_EQ(given.addresses, (std::vector<Address>{*Address::parse("10.9.9.9")}));
}

TEST(Resolve, AsksEveryResolverByItselfAndFollowsTheFirst) {
  ScriptedWorld world;
  world.resolv_conf = "nameserver 10.0.0.2\nnameserver 10.0.0.3\n";
  answer(world, "10.0.0.2:53", "db.example.com", "10.1.0.5");
  answer(world, "10.0.0.3:53", "db.example.com", "203.0.113.9");
  const Resolved seen = resolve_in(world, "db.example.com");
  EXPECT_EQ(seen.addresses, (std::vector<Address>{*Address::parse("10.1.0.5")}));
  EXPECT_EQ(seen.observations.size(), 5U) << "two resolvers, two families, one view";
  EXPECT_EQ(seen.decisive, 5);
  EXPECT_TRUE(seen.observations.back().facts.has(key::dns_getaddrinfo)) << "they disagree";
}

TEST(Resolve, FollowsTheSystemWhereOnlyASourceThatIsNotFollowedKnowsTheName) {
  ScriptedWorld world;
  world.nsswitch = "hosts: files ldap dns\n";
  answer(world, "10.0.0.2:53", "other.example.com", "10.1.0.6");
  world.system.emplace();
  world.system->addresses = {*Address::parse("10.1.0.7"), *Address::parse("fd00::7")};
  const Resolved seen = resolve_in(world, "db.example.com");
  EXPECT_EQ(seen.addresses, world.system->addresses);
  EXPECT_FALSE(seen.observations.back().failure);
  EXPECT_FALSE(seen.observations.back().facts.has(key::dns_source)) << "none that has a word";

  Settings settings;
  settings.ipv6 = false;
  EXPECT_EQ(resolve_in(world, "db.example.com", settings).addresses.size(), 1U);
  settings.resolvers = {*Endpoint::parse("10.0.0.2:53")};
  EXPECT_TRUE(resolve_in(world, "db.example.com", settings).addresses.empty())
      << "--resolver decides alone";
}

TEST(Resolve, AsksTheVpcResolverBesideAndDoesNotFollowIt) {
  ScriptedWorld world;
  answer(world, "169.254.169.253:53", "db.example.com", "10.1.0.5");
  answer(world, "10.0.0.2:53", "other.example.com", "10.1.0.6");
  Settings settings;
  settings.vpc_resolver = Endpoint::parse("169.254.169.253:53");
  const Resolved seen = resolve_in(world, "db.example.com", settings);
  EXPECT_TRUE(seen.addresses.empty()) << "the application does not ask it";
  EXPECT_EQ(seen.observations.size(), 5U);
  EXPECT_EQ(seen.observations.back().failure, Failure::nxdomain);
}

// The families wait side by side, the names of a search list one after the other.
TEST(Resolve, WaitingForARateIsNotTheTargetsTime) {
  ScriptedWorld world;
  world.resolv_conf = "nameserver 10.0.0.2\nsearch corp.example\n";
  const Endpoint resolver = *Endpoint::parse("10.0.0.2:53");
  net::ScriptedAnswer none, found;
  none.message.rcode = 3;
  none.waited = std::chrono::milliseconds(300);
  world.answers[{resolver, "db.example.com", DnsType::a}] = none;
  none.waited = std::chrono::milliseconds(400);
  world.answers[{resolver, "db.example.com", DnsType::aaaa}] = none;
  found.message.addresses = {*Address::parse("10.1.0.5")};
  found.waited = std::chrono::milliseconds(50);
  world.answers[{resolver, "db.example.com.corp.example", DnsType::a}] = found;
  const Resolved seen = resolve_in(world, "db.example.com");
  EXPECT_EQ(seen.waited, std::chrono::milliseconds(450));
  EXPECT_EQ(seen.addresses.size(), 1U);
  EXPECT_EQ(seen.observations[0].facts.get_or(key::admission_waited_ms, 0.0), 300.0);
  EXPECT_FALSE(seen.observations[3].facts.has(key::admission_waited_ms));
}

TEST(Resolve, OneFamilyOnly) {
  ScriptedWorld world;
  answer(world, "10.0.0.2:53", "db.example.com", "10.1.0.5");
  Settings settings;
  settings.ipv6 = false;
  EXPECT_EQ(resolve_in(world, "db.example.com", settings).observations.size(), 2U);
}

TEST(Resolve, TheSearchListIsAskedOnlyWhereTheNameItselfGaveNothing) {
  ScriptedWorld world;
  world.resolv_conf = "nameserver 10.0.0.2\nsearch corp.example\n";
  answer(world, "10.0.0.2:53", "db.example.com", "10.1.0.5");
  EXPECT_EQ(resolve_in(world, "db.example.com").observations.size(), 3U);
  answer(world, "10.0.0.2:53", "other.example.com.corp.example", "10.1.0.6");
  const Resolved searched = resolve_in(world, "other.example.com");
  EXPECT_EQ(searched.addresses, (std::vector<Address>{*Address::parse("10.1.0.6")}));
}

}  // namespace
}  // namespace plumb::engine

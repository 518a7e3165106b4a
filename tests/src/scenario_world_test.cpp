#include "src/scenario_world.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"

namespace plumb {
namespace {

net::ScriptedWorld world(const char* yaml) { return read_world(YAML::Load(yaml), WallTime{}); }

const net::ScriptedAnswer& answer(const net::ScriptedWorld& in, const char* resolver,
                                  wire::DnsType type) {
  return in.answers.at({*Endpoint::parse(resolver), "db", type});
}

TEST(ScenarioWorld, ResolversAnswerWithAddressesOrAWord) {
  const auto read = world(
      "dns: {10.0.0.2: {db: {a: [10.0.1.10], cname: [x], ttl: 5}}, '10.0.0.3:5353': {db: "
      "SERVFAIL}, "
      "10.0.0.4: {db: silent}}");
  const auto& a = answer(read, "10.0.0.2:53", wire::DnsType::a);
  EXPECT_EQ(a.message.addresses.at(0).to_string(), "10.0.1.10");
  EXPECT_EQ(a.message.cname_chain, std::vector<std::string>{"x"});
  EXPECT_EQ(a.message.ttl_s, 5u);
  EXPECT_TRUE(answer(read, "10.0.0.2:53", wire::DnsType::aaaa).message.addresses.empty());
  EXPECT_EQ(answer(read, "10.0.0.3:5353", wire::DnsType::aaaa).message.rcode, 2);
  EXPECT_EQ(answer(read, "10.0.0.4:53", wire::DnsType::a).failure, Failure::timed_out);
  EXPECT_THROW(world("dns: {10.0.0.2: {db: BROKEN}}"), YAML::Exception);
  EXPECT_THROW(world("dns: {10.0.0.2: {db: {aa: []}}}"), YAML::Exception);
}

TEST(ScenarioWorld, EndpointsRefuseStaySilentOrSpeak) {
  const auto read = world(
      "servers: {10.0.1.1:3306: refused, 10.0.1.2:3306: {greeting: eof}, 10.0.1.3:3306: {connect: "
      "{failure: admin_prohibited, icmp_code: 13, icmp_from: 10.0.0.1}}}");
  EXPECT_EQ(read.endpoints.at(*Endpoint::parse("10.0.1.1:3306")).failure, Failure::refused);
  const auto& speaks = read.endpoints.at(*Endpoint::parse("10.0.1.2:3306"));
  EXPECT_FALSE(speaks.failure);
  EXPECT_EQ(speaks.peer()->speak().failure, Failure::eof);
  const auto& filtered = read.endpoints.at(*Endpoint::parse("10.0.1.3:3306"));
  EXPECT_EQ(*filtered.facts.get(key::tcp_icmp_code), 13);
  EXPECT_THROW(world("servers: {10.0.1.1: refused}"), YAML::Exception);
  EXPECT_THROW(world("servers: {10.0.1.1:3306: {greetings: eof}}"), YAML::Exception);
}

TEST(ScenarioWorld, AWayMayDependOnHowItIsGone) {
  const auto read = world(
      "servers: {10.0.1.1:3306: {from_ports: [1024, 4999], only_from: 10.0.0.5, largest_segment: "
      "1200, silent_every: 3}}");
  const auto& way = read.endpoints.at(*Endpoint::parse("10.0.1.1:3306"));
  EXPECT_EQ(way.from_port_low, 1024);
  EXPECT_EQ(way.from_port_high, 4999);
  EXPECT_EQ(way.only_from, Address::parse("10.0.0.5"));
  EXPECT_EQ(way.largest_segment, 1200);
  EXPECT_EQ(way.silent_every, 3);
}

TEST(ScenarioWorld, WhatTheCloudSaysAndTheWay) {
  const auto read = world(
      "{metadata: {provider: aws, region: us-east-1, vpc_cidrs: [10.0.0.0/16], clock_offset_s: "
      "-90}, hops: [10.0.0.1, '*'], only_tcp: [10.0.0.2]}");
  EXPECT_EQ(read.metadata.get_or(key::cloud_provider, {}), "aws");
  EXPECT_EQ(read.metadata.get_or(key::cloud_region, {}), "us-east-1");
  EXPECT_EQ(read.metadata.get_or(key::local_vpc_cidrs, {}),
            std::vector<std::string>{"10.0.0.0/16"});
  EXPECT_EQ(read.metadata.get_or(key::local_clock_offset_s, 0.0), -90);
  EXPECT_EQ(read.hops, (std::vector<std::string>{"10.0.0.1", "*"}));
  EXPECT_EQ(read.only_tcp.count(*Endpoint::parse("10.0.0.2:53")), 1u);
  EXPECT_TRUE(world("{}").metadata.empty());
  EXPECT_THROW(world("metadata: {weather: fine}"), YAML::Exception);
}

TEST(ScenarioWorld, WhatTheClientHoldsBackAndItsKernelCounts) {
  const auto read = world("servers: {'10.0.0.1:1': {held_back: true}, '10.0.0.2:1': silent}");
  EXPECT_TRUE(read.endpoints.at(*Endpoint::parse("10.0.0.1:1")).held_back);
  EXPECT_FALSE(read.endpoints.at(*Endpoint::parse("10.0.0.2:1")).held_back);
  EXPECT_TRUE(read.locality.syns);
}

TEST(ScenarioWorld, TheClientItself) {
  EXPECT_TRUE(world("{}").locality.default_route_v4);
  const auto cut_off = world("client: {addresses: [], default_route: false, any_route: false}");
  EXPECT_TRUE(cut_off.locality.addresses.empty());
  EXPECT_FALSE(cut_off.locality.any_route);
  EXPECT_FALSE(world("resolv_conf: unreadable").resolv_readable);
}

}  // namespace
}  // namespace plumb

#include "probe/net/dns_window.hpp"

#include <gtest/gtest.h>

#include "tests/support/dns_server.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using Time = DnsWindow::Time;
using wire::DnsType;

constexpr Time kStart{std::chrono::hours(1)};
const Endpoint kResolver{Address::v4({10, 0, 0, 2}), 53};

DnsQuestion question(const std::string& name) { return {kResolver, name, DnsType::a}; }

// Response messages: an address with a TTL of 60; none, with or without an SOA.
wire::Bytes with_address(const std::string& name, unsigned rcode = 0) {
  const auto query = wire::dns_query(name, DnsType::a, 7).value_or(wire::Bytes());
  return test::response_to(query, rcode, {1});
}
wire::Bytes without_address(const std::string& name, unsigned rcode,
                            std::optional<std::pair<std::uint32_t, std::uint32_t>> soa) {
  const auto query = wire::dns_query(name, DnsType::a, 7).value_or(wire::Bytes());
  wire::Bytes message = test::response_to(query, rcode);
  if (!soa) return message;
  message[9] = 1;
  wire::Writer out;
  out.raw(message).u16be(0xc00c).u16be(6).u16be(1).u32be(soa->first).u16be(22).u8(0).u8(0);
  out.u32be(1).u32be(2).u32be(3).u32be(4).u32be(soa->second);
  return out.take();
}

DnsReply reply_of(const wire::Bytes& message) {
  DnsReply reply;
  reply.message = wire::parse_dns_message(message);
  EXPECT_TRUE(reply.message);
  reply.tries = 2;
  reply.took = 1500us;
  return reply;
}

void keep(DnsWindow& window, const DnsQuestion& asked, const wire::Bytes& message, Time now) {
  window.keep(asked, reply_of(message), message, now);
}
bool knows(const DnsWindow& window, const DnsQuestion& asked, Time now) {
  return window.find(asked, now).has_value();
}

TEST(DnsWindow, GivesAnAnswerAgainAsItCameAndSaysSo) {
  DnsWindow window;
  keep(window, question("db.example"), with_address("db.example"), kStart);
  const auto again = window.find(question("db.example"), kStart + 20s);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->message->addresses.front().to_string(), "10.0.0.1");
  EXPECT_EQ(again->message->ttl_s, 60u);
  EXPECT_EQ(again->tries, 2);
  EXPECT_EQ(again->took, 1500us) << "of the question that was asked";
  EXPECT_TRUE(again->shared);
  EXPECT_EQ(again->age, 20s);
  EXPECT_EQ(again->waited, 0us);
}

TEST(DnsWindow, OnlyUntilTheTtlHasPassed) {
  DnsWindow window;
  keep(window, question("db.example"), with_address("db.example"), kStart);
  EXPECT_TRUE(knows(window, question("db.example"), kStart + 60s - 1ms));
  EXPECT_FALSE(knows(window, question("db.example"), kStart + 60s));
  keep(window, question("db.example"), with_address("db.example"), kStart + 70s);
  EXPECT_TRUE(knows(window, question("db.example"), kStart + 100s)) << "asked anew, kept anew";
}

TEST(DnsWindow, AnotherResolverTypeOrTransportIsAnotherQuestion) {
  DnsWindow window;
  keep(window, question("db.example"), with_address("db.example"), kStart);
  DnsQuestion other = question("db.example");
  other.type = DnsType::aaaa;
  EXPECT_FALSE(knows(window, other, kStart));
  other = question("db.example");
  other.over_tcp = true;
  EXPECT_FALSE(knows(window, other, kStart));
  other = question("db.example");
  other.resolver.port = 5353;
  EXPECT_FALSE(knows(window, other, kStart));
}

TEST(DnsWindow, ANegativeAnswerLivesAsLongAsItsSoaSays) {
  for (const unsigned rcode : {0u, 3u}) {  // NODATA, NXDOMAIN
    DnsWindow window;
    keep(window, question("a.example"), without_address("a.example", rcode, {{300, 30}}), kStart);
    EXPECT_TRUE(knows(window, question("a.example"), kStart + 29s));
    EXPECT_FALSE(knows(window, question("a.example"), kStart + 30s)) << "its minimum";
    keep(window, question("b.example"), without_address("b.example", rcode, {{10, 30}}), kStart);
    EXPECT_FALSE(knows(window, question("b.example"), kStart + 10s)) << "its own TTL";
    keep(window, question("c.example"), without_address("c.example", rcode, std::nullopt), kStart);
    EXPECT_FALSE(knows(window, question("c.example"), kStart)) << "nobody said how long";
    keep(window, question("d.example"), without_address("d.example", rcode, {{300, 0}}), kStart);
    EXPECT_FALSE(knows(window, question("d.example"), kStart));
  }
}

TEST(DnsWindow, KeepsNoFailureAndNoHalfAnswer) {
  DnsWindow window;
  for (const unsigned rcode : {1u, 2u, 5u}) {  // FORMERR, SERVFAIL, REFUSED
    keep(window, question("db.example"), with_address("db.example", rcode), kStart);
    keep(window, question("db.example"), without_address("db.example", rcode, {{60, 60}}), kStart);
  }
  DnsReply cut = reply_of(with_address("db.example"));
  cut.truncated = true;
  window.keep(question("db.example"), cut, with_address("db.example"), kStart);
  DnsReply silent;
  silent.failure = Failure::timed_out;
  window.keep(question("db.example"), silent, {}, kStart);
  EXPECT_FALSE(knows(window, question("db.example"), kStart));
  EXPECT_EQ(window.names(), 0u);
  cut.over_tcp = true;  // the whole answer came over TCP
  window.keep(question("db.example"), cut, with_address("db.example"), kStart);
  EXPECT_TRUE(window.find(question("db.example"), kStart)->truncated);
}

TEST(DnsWindow, TheNamesThatCameFirstGoFirst) {
  DnsWindow window(3);
  for (const char* name : {"a.example", "b.example", "c.example", "a.example", "d.example"})
    keep(window, question(name), with_address(name), kStart);
  EXPECT_EQ(window.names(), 3u);
  EXPECT_FALSE(knows(window, question("a.example"), kStart));
  for (const char* name : {"b.example", "c.example", "d.example"})
    EXPECT_TRUE(knows(window, question(name), kStart)) << name;
}

TEST(DnsWindow, LargeAnswersDoNotMakeItLarge) {
  const std::size_t size = with_address("a.example").size();
  DnsWindow window(1000, 2 * size);
  for (const char* name : {"a.example", "b.example", "c.example"})
    keep(window, question(name), with_address(name), kStart);
  EXPECT_EQ(window.names(), 2u);
  EXPECT_FALSE(knows(window, question("a.example"), kStart));
  for (int i = 0; i < 5; ++i)  // in place of itself it takes no more room
    keep(window, question("c.example"), with_address("c.example"), kStart);
  EXPECT_EQ(window.names(), 2u);
  keep(window, question("d.example"), wire::Bytes(with_address("d.example")), kStart);
  EXPECT_TRUE(knows(window, question("d.example"), kStart));
}

TEST(DnsWindow, ANewRunKnowsNothing) {
  DnsWindow window;
  keep(window, question("db.example"), with_address("db.example"), kStart);
  window.clear();
  EXPECT_FALSE(knows(window, question("db.example"), kStart));
  EXPECT_EQ(window.names(), 0u);
  keep(window, question("db.example"), with_address("db.example"), kStart);
  EXPECT_TRUE(knows(window, question("db.example"), kStart));
}

}  // namespace
}  // namespace plumb::net

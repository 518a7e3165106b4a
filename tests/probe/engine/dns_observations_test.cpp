#include "probe/engine/dns_observations.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

using Texts = std::vector<std::string>;
using net::DnsReply;

const Endpoint kResolver{Address::v4({10, 0, 0, 2}), 53};

DnsReply message(int rcode, int addresses = 0) {
  DnsReply reply;
  reply.message.emplace();
  reply.message->rcode = rcode;
  for (int i = 0; i < addresses; ++i)
    reply.message->addresses.push_back(Address::v4({10, 1, 0, static_cast<std::uint8_t>(i)}));
  reply.tries = 1;
  return reply;
}

TEST(FailureOf, EachRcode) {
  EXPECT_EQ(failure_of(message(0, 1)), std::nullopt);
  EXPECT_EQ(failure_of(message(0)), Failure::nodata);
  EXPECT_EQ(failure_of(message(2)), Failure::servfail);
  EXPECT_EQ(failure_of(message(3)), Failure::nxdomain);
  EXPECT_EQ(failure_of(message(5)), Failure::query_refused);
  EXPECT_EQ(failure_of(message(4)), Failure::servfail) << "what glibc treats alike";
  DnsReply cut = message(0);
  cut.truncated = true;
  EXPECT_EQ(failure_of(cut), Failure::malformed_answer)
      << "cut and nothing over TCP is not `no data`";
  cut.over_tcp = true;
  EXPECT_EQ(failure_of(cut), Failure::nodata);
  DnsReply silent;
  silent.failure = Failure::refused;
  EXPECT_EQ(failure_of(silent), Failure::refused);
}

TEST(ResolveObservations, SaysWhatWasAskedForSomebodyElse) {
  DnsReply own = message(0, 1), joined = own, known = own, late = own;
  joined.shared = known.shared = true;
  known.age = Micros(1'500'000);
  late.waited = Micros(30'000);
  const auto facts = [](const DnsReply& reply) {
    return resolve_observations(kResolver, "db.x", &reply, nullptr).front().facts;
  };
  EXPECT_FALSE(facts(own).has(key::dns_shared) || facts(own).has(key::dns_age_ms));
  EXPECT_FALSE(facts(own).has(key::admission_waited_ms));
  EXPECT_TRUE(facts(joined).get_or(key::dns_shared, false));
  EXPECT_FALSE(facts(joined).has(key::dns_age_ms)) << "it came just now";
  EXPECT_EQ(facts(known).get_or(key::dns_age_ms, 0.0), 1500.0);
  EXPECT_EQ(facts(late).get_or(key::admission_waited_ms, 0.0), 30.0);
}

TEST(ResolveObservations, OnePerTypeWithAllFacts) {
  DnsReply a = message(0, 2);
  a.message->cname_chain = {"real.x"};
  a.message->ttl_s = 60;
  a.message->authoritative = true;
  a.truncated = a.over_tcp = true;
  a.tries = 2;
  a.took = Micros(1500);
  DnsReply aaaa = message(2);
  aaaa.message->ede_code = 6;
  aaaa.message->ede_text = "bad\x1b[31m";
  const auto seen = resolve_observations(kResolver, "db.x", &a, &aaaa);
  ASSERT_EQ(seen.size(), 2u);
  for (const Observation& observation : seen) {
    EXPECT_EQ(observation.phase, Phase::resolve);
    EXPECT_EQ(observation.resolver, "10.0.0.2:53");
    EXPECT_EQ(observation.facts.get_or(key::dns_question_name, {}), "db.x");
  }
  const Facts& facts = seen[0].facts;
  EXPECT_FALSE(seen[0].failure);
  EXPECT_EQ(seen[0].took, Micros(1500));
  EXPECT_EQ(facts.get_or(key::dns_question_type, {}), "A");
  EXPECT_EQ(facts.get_or(key::dns_rcode, {}), "NOERROR");
  EXPECT_EQ(facts.get_or(key::dns_answers, {}), (Texts{"10.1.0.0", "10.1.0.1"}));
  EXPECT_EQ(facts.get_or(key::dns_cname_chain, {}), Texts{"real.x"});
  EXPECT_EQ(facts.get_or(key::dns_ttl, std::int64_t{0}), 60);
  EXPECT_TRUE(facts.get_or(key::dns_authoritative, false));
  EXPECT_TRUE(facts.get_or(key::dns_truncated, false));
  EXPECT_EQ(facts.get_or(key::dns_transport, {}), "tcp");
  EXPECT_EQ(facts.get_or(key::dns_tries, std::int64_t{0}), 2);
  EXPECT_EQ(seen[1].failure, Failure::servfail);
  EXPECT_EQ(seen[1].raw, "SERVFAIL");
  EXPECT_EQ(seen[1].facts.get_or(key::dns_question_type, {}), "AAAA");
  EXPECT_EQ(seen[1].facts.get_or(key::dns_ede, {}), "6 bad\\x1b[31m");
}

TEST(ResolveObservations, AMissingFamilyIsNoFailureBesideTheOther) {
  const DnsReply some = message(0, 1), none = message(0);
  const auto one = resolve_observations(kResolver, "db.x", &some, &none);
  EXPECT_FALSE(one[0].failure || one[1].failure);
  EXPECT_EQ(one[1].raw, "");
  const auto neither = resolve_observations(kResolver, "db.x", &none, &none);
  EXPECT_EQ(neither[0].failure, Failure::nodata);
  EXPECT_EQ(neither[1].failure, Failure::nodata);
  const DnsReply refused = message(5);
  EXPECT_EQ(resolve_observations(kResolver, "db.x", &some, &refused)[1].failure,
            Failure::query_refused);
}

TEST(ResolveObservations, WhatWasNotAskedIsNotObserved) {
  const DnsReply some = message(0, 1);
  const auto seen = resolve_observations(kResolver, "db.x", nullptr, &some);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].facts.get_or(key::dns_question_type, {}), "AAAA");
}

TEST(ResolveObservations, SilenceHasNoRcode) {
  DnsReply silent;
  silent.failure = Failure::timed_out;
  silent.raw = "no answer to 3 questions in 2800 ms";
  silent.tries = 3;
  const auto seen = resolve_observations(kResolver, "db.x", &silent, nullptr);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].failure, Failure::timed_out);
  EXPECT_EQ(seen[0].raw, silent.raw);
  EXPECT_FALSE(seen[0].facts.has(key::dns_rcode));
  EXPECT_EQ(seen[0].facts.get_or(key::dns_tries, std::int64_t{0}), 3);
}

}  // namespace
}  // namespace plumb::engine

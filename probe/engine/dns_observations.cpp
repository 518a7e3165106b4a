#include "probe/engine/dns_observations.hpp"

#include <utility>

#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"

namespace plumb::engine {
namespace {

using net::DnsReply;

constexpr int kNoError = 0, kServFail = 2, kNxDomain = 3, kRefused = 5;

void add_message_facts(Facts& facts, const DnsReply& reply) {
  const wire::DnsMessage& message = *reply.message;
  facts.set(key::dns_rcode, wire::rcode_name(message.rcode));
  if (!message.addresses.empty()) facts.set(key::dns_answers, as_texts(message.addresses));
  if (!message.cname_chain.empty())
    facts.set(key::dns_cname_chain, all_printable(message.cname_chain));
  if (message.ttl_s) facts.set(key::dns_ttl, std::int64_t{*message.ttl_s});
  facts.set(key::dns_authoritative, message.authoritative);
  facts.set(key::dns_truncated, reply.truncated);
  if (message.ede_code) {
    const std::string text = message.ede_text.empty() ? "" : " " + printable(message.ede_text);
    facts.set(key::dns_ede, std::to_string(*message.ede_code) + text);
  }
  if (!message.soa_zone.empty()) facts.set(key::dns_soa, printable(message.soa_zone));
}

// `resolver`, `name`: as they are shown. `known`: the name has an address, of this type or another.
Observation reply_observation(const std::string& resolver, std::string name, const char* type,
                              const DnsReply& reply, bool known) {
  Observation observation;
  observation.phase = Phase::resolve;
  observation.resolver = resolver;
  observation.took = reply.took;
  const auto failure = failure_of(reply);
  if (failure && !(known && failure == Failure::nodata)) {
    observation.failure = failure;
    observation.raw = printable(words_for(reply));
  }
  observation.facts.set(key::dns_question_name, std::move(name));
  observation.facts.set(key::dns_question_type, std::string(type));
  if (reply.message) add_message_facts(observation.facts, reply);
  observation.facts.set(key::dns_transport, std::string(reply.over_tcp ? "tcp" : "udp"));
  observation.facts.set(key::dns_tries, std::int64_t{reply.tries});
  if (reply.shared) observation.facts.set(key::dns_shared, true);
  if (reply.age) observation.facts.set(key::dns_age_ms, in_ms(*reply.age));
  if (reply.waited > std::chrono::milliseconds(1))
    observation.facts.set(key::admission_waited_ms, in_ms(reply.waited));
  return observation;
}

}  // namespace

std::string words_for(const DnsReply& reply) {
  if (!reply.message) return reply.raw;
  std::string text = wire::rcode_name(reply.message->rcode);
  if (reply.message->cname_loop) text += ", the CNAMEs form a loop";
  if (reply.truncated && !reply.over_tcp) text += ", truncated, and no answer over TCP";
  return text;
}

std::vector<std::string> as_texts(std::span<const Address> addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const Address& address : addresses) texts.push_back(address.to_string());
  return texts;
}

std::vector<std::string> all_printable(std::vector<std::string> texts) {
  for (std::string& text : texts) text = made_printable(std::move(text));
  return texts;
}

std::optional<Failure> failure_of(const net::DnsReply& reply) {
  if (!reply.message) return reply.failure.value_or(Failure::timed_out);
  switch (reply.message->rcode) {
    case kNoError:
      break;
    case kNxDomain:
      return Failure::nxdomain;
    case kRefused:
      return Failure::query_refused;
    case kServFail:
    default:
      return Failure::servfail;  // FORMERR, NOTIMP …: glibc goes on alike; raw has the name
  }
  if (!reply.message->addresses.empty()) return std::nullopt;
  const bool cut = reply.truncated && !reply.over_tcp;
  return cut ? Failure::malformed_answer : Failure::nodata;
}

void add_resolve_observations(const Endpoint& resolver, const std::string& name,
                              const net::DnsReply* a, const net::DnsReply* aaaa,
                              std::vector<Observation>& observations) {
  const auto has_addresses = [](const DnsReply* reply) {
    return reply != nullptr && reply->message && !reply->message->addresses.empty();
  };
  const bool known = has_addresses(a) || has_addresses(aaaa);
  const std::string who = resolver.to_string();
  std::string asked = printable(name);
  if (a != nullptr) observations.push_back(reply_observation(who, asked, "A", *a, known));
  if (aaaa != nullptr)
    observations.push_back(reply_observation(who, std::move(asked), "AAAA", *aaaa, known));
}

std::vector<Observation> resolve_observations(const Endpoint& resolver, const std::string& name,
                                              const net::DnsReply* a, const net::DnsReply* aaaa) {
  std::vector<Observation> observations;
  add_resolve_observations(resolver, name, a, aaaa, observations);
  return observations;
}

}  // namespace plumb::engine

// The answers of a run: one question per name and resolver. In a fleet many targets have one name;
// a resolver is not asked again while what it said is still true.
//
// - An answer is true until its TTL has passed: the smallest of its records, for a negative one
//   that of its SOA (RFC 2308 §5), counted from when it came. One without a TTL is not kept.
// - Only answers are kept. Silence, refusal, SERVFAIL and half an answer are seen afresh by each
//   target that meets them.
// - What is kept is the message as it came, read again when it is used: a question's whole answer
//   in a hundred bytes.
// - Bounded: so many names and so many bytes; the names that came first go first.
// - One window per run. A check that waits for the DNS to change begins each attempt with an empty
//   one (`clear`): whoever repeats a target asks its resolvers again, TTL or not.
//
// Pure: the times are the caller's. One per shard: what another shard knows is not known here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "probe/net/dns_question.hpp"

namespace plumb::net {

class DnsWindow {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostNames = 65'536;
  static constexpr std::size_t kMostBytes = 16 * 1024 * 1024;  // of messages

  explicit DnsWindow(std::size_t most_names = kMostNames, std::size_t most_bytes = kMostBytes)
      : most_names_(most_names), most_bytes_(most_bytes) {
    names_.max_load_factor(0.25F);  // a look at a place that is taken is a look into cold memory
  }

  // `reply` is what came of `message` at `now`.
  void keep(const DnsQuestion& question, const DnsReply& reply, wire::View message, Time now);
  // The kept answer, marked as shared and with its age.
  std::optional<DnsReply> find(const DnsQuestion& question, Time now) const;
  void clear();
  std::size_t names() const { return names_.size(); }

 private:
  struct Kept {
    Endpoint resolver;
    wire::DnsType type = wire::DnsType::a;
    bool asked_over_tcp = false, truncated = false, over_tcp = false;
    std::uint8_t tries = 0;
    std::uint32_t took_us = 0;
    Time came, until;
    wire::Bytes message;
    bool answers(const DnsQuestion& question) const {
      return resolver == question.resolver && type == question.type &&
             asked_over_tcp == question.over_tcp;
    }
  };
  using Names = std::unordered_map<std::string, std::vector<Kept>>;
  void drop_oldest();

  std::size_t most_names_, most_bytes_, bytes_ = 0;
  Names names_;
  std::deque<const std::string*> by_age_;  // keys of names_, which stay where they are
};

}  // namespace plumb::net

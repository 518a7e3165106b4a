// A question to one resolver and what came of it.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/wire/dns_message.hpp"

namespace plumb::net {

struct DnsQuestion {
  Endpoint resolver;
  std::string name;  // fully qualified, in lower case, without the trailing dot
  wire::DnsType type = wire::DnsType::a;
  bool over_tcp = false;  // TCP at once, without UDP first
};

// How long the answer to each try is waited for.
using Tries = boost::container::small_vector<Micros, 3>;

// One resolver's answer to one question. Either `message` or `failure` (timed_out, refused, …) is
// set.
struct DnsReply {
  std::optional<wire::DnsMessage> message;
  bool truncated = false;  // the UDP answer was; `message` is then the TCP one if that came
  bool over_tcp = false;
  int tries = 0;
  std::optional<Failure> failure;
  std::string raw;
  Micros took{0};    // from the first packet
  Micros waited{0};  // for the resolver's rate: not the target's time
  // Asked for somebody else: tries and took are that question's. `age`: so long ago the answer had
  // come; nothing where both waited for it.
  bool shared = false;
  std::optional<Micros> age;
};

}  // namespace plumb::net

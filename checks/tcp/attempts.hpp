// The connects of a case, read for the causes of this check.
//
// Left out: what plumb itself lacked or cut short, ports that turned out not to be the target's,
// and an address family that this host cannot use at all while the other one has addresses (a
// client skips it).
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb::tcp {

struct Attempt {
  const Observation* seen = nullptr;
  int n = 0;
  Endpoint endpoint;
  bool worked() const { return !seen->failure; }
};

struct Attempts {
  std::vector<Attempt> all;       // the last one of each endpoint; one that worked wins
  std::vector<Attempt> unusable;  // of a family that this host has no route for
  bool some_worked() const;
  std::vector<Attempt> failed_with(std::initializer_list<Failure> failures) const;
};

Attempts attempts_of(const Case& about);
// False: each of them worked, so that nobody need look closer.
bool some_connect_failed(const Case& about);
// Those of attempts_of() that ended so.
std::vector<Attempt> failed_attempts(const Case& about, std::initializer_list<Failure> failures);

std::vector<int> numbers(const std::vector<Attempt>& attempts);
// "10.0.0.1:4000 (timed out), …", "all 6 addresses (refused)" where the target has six.
std::string describe(const std::vector<Attempt>& attempts, std::size_t of = 0);

bool is_loopback_target(const std::vector<Attempt>& attempts);
bool is_public_target(const std::vector<Attempt>& attempts);  // every address is global

// An ICMP answer: a device on the way spoke, not the target.
bool has_icmp(const Observation& seen);
// An IPv6 address, and the kernel itself says at once that it has no route, or no address to leave
// from; no ICMP.
bool has_no_way_out(const Attempt& attempt);
// Whether this host has an IPv6 address that leads anywhere; empty: its addresses are not known.
std::optional<bool> has_ipv6(const Case& about);
// Administratively prohibited (3/9, 3/10, 3/13; ICMPv6 1/1, 1/5, 1/6) or a rejected port (3/3;
// 1/4).
bool is_icmp_reject(const Attempt& attempt);
std::string sender(const std::vector<Attempt>& attempts);  // of the first ICMP answer; empty: none

}  // namespace plumb::tcp

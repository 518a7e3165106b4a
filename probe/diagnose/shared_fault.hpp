// One fault behind many: the resolver, address, zone, CA file, security group or trouble of this
// host that the failures of several targets have in common (`common` in the reports).
//
// A thing is named only where several targets have the same root cause, the evidence of that root
// shows the thing with each of them, and no target of the run got along with it: a resolver that
// answered for another name is not what makes resolvers time out. It is counted report by report,
// so that no report has to be kept for it; the order of the reports makes no difference.
//
// What is kept is bounded, however many reports there are. Of the targets behind a thing the first
// thousand are named, the others only counted; of very many things those that fewest targets share
// are forgotten (Manku and Motwani's lossy counting: what many share is never lost, and is counted
// too low by at most what was forgotten); and of what works a hash is kept (seen_things.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/diagnose/seen_things.hpp"
#include "probe/model/diagnosis.hpp"

namespace plumb {

// The most telling first: of two that the same targets share, only the first is named.
enum class SharedThing : std::uint8_t { address, resolver, zone, ca, security_group, cause };
template <>
struct Names<SharedThing> {
  static constexpr std::array<std::string_view, 6> list{"address", "resolver",       "zone",
                                                        "ca",      "security-group", "cause"};
};

struct SharedFault {
  SharedThing what = SharedThing::cause;
  std::vector<std::string> values;   // sorted; more than one where the same targets share them all
  std::vector<std::string> causes;   // root cause ids, sorted
  std::vector<std::string> targets;  // "host:port", sorted; of very many the first
  std::size_t count = 0;             // of all of them
};

class SharedFaults {
 public:
  void count(const Report& report);
  // At least three targets, or two that are all that is failed or degraded. Most targets first.
  std::vector<SharedFault> list() const;

  using Thing = std::pair<SharedThing, std::string>;
  static constexpr std::size_t kMostThings = 16384, kMostNames = 1000, kNamesInAll = 65536;

 private:
  // The targets that have a thing and a cause in common.
  struct Blamed {
    std::size_t count = 0;
    std::uint64_t sum = 0;        // of the hashes of their names: equal sets have equal sums
    std::set<std::string> names;  // the first of them
  };
  bool works(const Thing& thing) const;
  void blame(const Thing& thing, const std::string& cause, const std::string& target);
  void forget_the_rarest();

  std::map<std::pair<Thing, std::string>, Blamed> blamed_;  // by thing and cause
  std::size_t named_ = 0;                                   // names in all of them
  SeenThings working_;
  std::set<std::string> troubled_;  // targets, failed or degraded; three tell as much as more
  bool some_connected_ = false;     // from this host to another
  bool some_ok_ = false;
};

std::vector<SharedFault> shared_faults(std::span<const Report> reports);

}  // namespace plumb

// One fault behind many: the resolver, address, zone, CA file, security group or trouble of this
// host that the failures of several targets have in common (`common` in the reports).
//
// A thing is named only where several targets have the same root cause, the evidence of that root
// shows the thing with each of them, and no target of the run got along with it: a resolver that
// answered for another name is not what makes resolvers time out. It is counted report by report,
// so that no report has to be kept for it; the order of the reports makes no difference.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/diagnose/seen_working.hpp"
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
  std::vector<std::string> targets;  // "host:port", sorted
};

class SharedFaults {
 public:
  void count(const Report& report);
  // At least three targets, or two that are all that is failed or degraded. Most targets first.
  std::vector<SharedFault> list() const;

  using Thing = std::pair<SharedThing, std::string>;

 private:
  bool works(const Thing& thing, const SeenWorking& working) const;

  std::map<std::pair<Thing, std::string>, std::set<std::string>> blamed_;  // thing, cause: targets
  SeenWorking working_;
  std::set<std::string> troubled_;  // targets, failed or degraded
  bool some_connected_ = false;     // from this host to another
  bool some_ok_ = false;
};

std::vector<SharedFault> shared_faults(std::span<const Report> reports);

}  // namespace plumb

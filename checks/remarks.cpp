#include "checks/remarks.hpp"

#include <algorithm>

#include "checks/mysql/facts.hpp"
#include "probe/model/experiment.hpp"

namespace plumb {
namespace {

// Of the logins that were answered, all by what stands in front of the server.
bool only_gateway_answered(const Case& about) {
  bool any = false;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    const auto* who = seen.facts.get(mysql::key::login_answered_by);
    if (!who) continue;
    if (*who != "gateway") return false;
    any = true;
  }
  return any;
}

bool is_for_dms(const Case& about) {
  return about.purpose == Purpose::dms_source || about.purpose == Purpose::dms_target;
}

}  // namespace

std::vector<std::string> remarks(const Case& about) {
  std::vector<std::string> all;
  if (only_gateway_answered(about))
    all.emplace_back(
        "The anonymous login was answered by TiDB Cloud's gateway: nothing is known of the cluster "
        "behind it. --probe-user PREFIX.plumb_probe, or an account, reaches it.");
  if (is_for_dms(about))
    all.emplace_back(
        "This is the path from this host; AWS DMS takes its own. Run it in a subnet of the "
        "replication subnet group, with the replication instance's security group, with Multi-AZ "
        "in both zones.");
  if (!about.profile->measured.empty()) all.emplace_back(about.profile->measured);
  return all;
}

}  // namespace plumb

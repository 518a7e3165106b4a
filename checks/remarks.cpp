#include "checks/remarks.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "checks/mysql/facts.hpp"
#include "checks/tls/evidence.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

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

bool any_bad(const tls::Seen& seen, tls::Verification what) {
  return std::ranges::any_of(seen, [&](const Observation* one) { return tls::is_bad(*one, what); });
}

// DMS knows none, verify-ca and verify-full for MySQL, and each needs what was seen here.
std::string ssl_mode_for_dms(const Case& about) {
  const tls::Seen seen = tls::handshakes(about, [](const Observation& one) {
    return one.facts.has(key::tls_chain_ok) && one.facts.has(key::tls_name_ok);
  });
  if (seen.empty()) return {};
  const std::string begin = "SSL mode of the DMS endpoint: ";
  const std::string trust =
      tls::trust_in_words(seen.front()->facts.get_or(key::tls_trust, std::string("system")));
  if (any_bad(seen, tls::Verification::chain) || any_bad(seen, tls::Verification::dates))
    return begin + "verify-ca and verify-full fail with " + trust +
           "; --ca FILE tells whether they hold with another.";
  const std::string import = " (aws dms import-certificate with the roots of " + trust + ").";
  if (any_bad(seen, tls::Verification::name))
    return begin + "verify-ca; verify-full fails, the certificate is for another name" + import;
  return begin + "verify-full" + import;
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
  if (std::string mode = is_for_dms(about) ? ssl_mode_for_dms(about) : ""; !mode.empty())
    all.push_back(std::move(mode));
  if (!about.profile->measured.empty()) all.emplace_back(about.profile->measured);
  return all;
}

}  // namespace plumb

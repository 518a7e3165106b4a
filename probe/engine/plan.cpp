#include "probe/engine/plan.hpp"

#include <utility>

#include "probe/wire/trust.hpp"

namespace plumb::engine {
namespace {

TlsMode tls_mode(const Settings& settings, const Profile& profile) {
  if (settings.tls) return *settings.tls;
  const bool verification_asked = !settings.ca.empty() || !settings.server_name.empty();
  return verification_asked ? TlsMode::verify_full : profile.tls;
}

std::vector<std::uint16_t> ports(const Target& target, const Profile& profile) {
  if (target.port) return {*target.port};
  if (profile.port) return {*profile.port};
  return {4000, 3306};
}

}  // namespace

std::string trust_name(const Settings& settings, const Profile& profile) {
  if (!settings.ca.empty()) return settings.ca;
  if (!profile.ca.empty()) return std::string(profile.ca);
  return profile.roots == Roots::isrg ? std::string(wire::Trust::kIsrgRoots) : "system";
}

Plan make_plan(Target given, std::shared_ptr<const Settings> shared, const Check& conversation,
               const Check* session) {
  const Settings& settings = *shared;
  Plan plan;
  plan.target = std::move(given);
  const Target& target = plan.target;
  const ChosenProfile chosen = choose_profile(settings.profiles, settings.profile, target.host);
  plan.profile = chosen.profile;
  plan.own_profile = chosen.own;
  plan.conversation = &conversation;
  plan.session = session;
  plan.ports = ports(target, *plan.profile);

  plan.policy.tls = tls_mode(settings, *plan.profile);
  plan.policy.server_name =
      settings.server_name.empty() ? std::string(plan.profile->server_name) : settings.server_name;
  plan.policy.ca = trust_name(settings, *plan.profile);
  plan.policy.cert_warn_days = settings.cert_warn_days;
  plan.policy.pinned_target = settings.pinned_target;
  plan.policy.probe_user = settings.probe_user;
  plan.policy.replica_version = settings.replica_version;

  plan.anonymous.user = settings.probe_user;
  const std::string user = settings.user.empty() ? target.user : settings.user;
  if (settings.password && !user.empty()) {
    plan.policy.account = user;
    // A name that cannot be right there is not tried: the causes say so, without the password.
    if (may_be_user_of(*plan.profile, user))
      plan.account = Login{user, *settings.password, true, target.database};
  }
  const auto trust = settings.trusts.find(plan.policy.ca);
  if (trust != settings.trusts.end()) plan.tls.trust = trust->second;
  plan.tls.server_name = plan.policy.server_name.empty() ? target.host : plan.policy.server_name;
  plan.tls.client_certificate_file = settings.client_certificate_file;
  plan.tls.client_key_file = settings.client_key_file;
  plan.settings = std::move(shared);
  return plan;
}

}  // namespace plumb::engine

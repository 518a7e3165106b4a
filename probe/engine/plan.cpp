#include "probe/engine/plan.hpp"

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

Plan make_plan(const Target& target, const Settings& settings, const Check& conversation,
               const Check* session) {
  Plan plan;
  plan.target = target;
  plan.profile = &profile_for_host(target.host);
  plan.settings = settings;
  plan.conversation = &conversation;
  plan.session = session;
  plan.ports = ports(target, *plan.profile);

  plan.policy.tls = tls_mode(settings, *plan.profile);
  plan.policy.server_name = settings.server_name;
  plan.policy.ca = settings.ca.empty() ? "system" : settings.ca;
  plan.policy.cert_warn_days = settings.cert_warn_days;
  plan.policy.probe_user = settings.probe_user;
  plan.policy.replica_version = settings.replica_version;

  plan.anonymous.user = settings.probe_user;
  const std::string user = settings.user.empty() ? target.user : settings.user;
  if (settings.password && !user.empty()) {
    plan.policy.account = user;
    plan.account = Login{user, *settings.password, true, target.database};
  }
  plan.tls.trust = settings.trust;
  plan.tls.server_name = settings.server_name.empty() ? target.host : settings.server_name;
  plan.tls.client_certificate_file = settings.client_certificate_file;
  plan.tls.client_key_file = settings.client_key_file;
  return plan;
}

}  // namespace plumb::engine

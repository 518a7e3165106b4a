#include "probe/engine/session_gate.hpp"

#include <algorithm>

#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

constexpr NoSession kNoAccount{"no-account", "it needs an account, and none was given"};
constexpr NoSession kNotAccepted{"account-not-accepted",
                                 "the account's login was not accepted on every address"};
constexpr NoSession kConnectTo{"connect-to",
                               "it connects by name, and --connect-to leads elsewhere"};
constexpr NoSession kOtherName{
    "other-server-name", "it would check the certificate for the host, not for --server-name"};
constexpr NoSession kSource{"source-address", "it cannot be bound to --source"};
constexpr NoSession kWithoutTls{"without-tls",
                                "it is held over TLS only, and the login here was without"};
constexpr NoSession kNotProven{
    "certificate-not-proven",
    "the client library insists on TLS only where it verifies the certificate and its name for the "
    "host, and an address does not pass that"};
constexpr NoSession kPolicy{"policy-not-met", "an address does not meet the TLS policy"};
constexpr NoSession kOtherAddresses{
    "other-addresses", "getaddrinfo gives an address for the name that this run did not go to"};
constexpr NoSession kHarm{"harm-budget", "too much was broken off there before"};

const Observation* tls_of(const Route& route) {
  const auto& steps = route.conversation;
  const auto found = std::ranges::find(steps, Phase::tls, &Observation::phase);
  return found == steps.end() ? nullptr : &*found;
}

bool is_encrypted(const Route& route) {
  const Observation* tls = tls_of(route);
  return tls && tls->facts.has(key::tls_version);
}

bool meets(TlsMode policy, const Route& route) {
  if (policy < TlsMode::verify_ca) return true;
  const Facts& facts = tls_of(route)->facts;
  const bool chain =
      facts.get_or(key::tls_chain_ok, false) && facts.get_or(key::tls_dates_ok, false);
  return chain && (policy == TlsMode::verify_ca || facts.get_or(key::tls_name_ok, false));
}

std::optional<NoSession> forbids(const Plan& plan, const Route& route, const Memory& memory) {
  if (!route.account_accepted) return kNotAccepted;
  if (!is_encrypted(route)) return kWithoutTls;
  if (!meets(plan.policy.tls, route)) return kPolicy;
  if (!meets(TlsMode::verify_full, route)) return kNotProven;
  if (memory.permit(route.endpoint, false) != Memory::Permit::all) return kHarm;
  return std::nullopt;
}

}  // namespace

bool wants_session(const Plan& plan) {
  return plan.session && (plan.account.is_account || plan.settings->purpose != Purpose::connect);
}

std::optional<NoSession> forbids_session(const Plan& plan) {
  if (!plan.account.is_account) return kNoAccount;
  if (plan.settings->connect_to) return kConnectTo;
  if (plan.settings->source) return kSource;
  const std::string& name = plan.settings->server_name;
  if (!name.empty() && name != plan.target.host) return kOtherName;
  return std::nullopt;
}

std::optional<NoSession> forbids_session(const Plan& plan, const std::list<Route>& routes,
                                         std::uint16_t port, const net::SystemReply& addresses,
                                         const Memory& memory) {
  if (addresses.addresses.empty()) return kOtherAddresses;
  for (const Address& address : addresses.addresses) {
    const auto route = std::ranges::find(routes, Endpoint{address, port}, &Route::endpoint);
    if (route == routes.end()) return kOtherAddresses;
    if (const auto why = forbids(plan, *route, memory)) return why;
  }
  return std::nullopt;
}

net::SessionOrder session_order(const Plan& plan, std::uint16_t port) {
  net::SessionOrder order;
  order.host = plan.target.host;
  order.port = port;
  order.account = plan.account;
  order.tls = plan.tls;
  return order;
}

Observation not_held(const NoSession& because) {
  Observation seen;
  seen.phase = Phase::session;
  seen.failure = Failure::not_visible;
  seen.raw = because.why;
  seen.facts.set(key::session_not_held, std::string(because.reason));
  return seen;
}

}  // namespace plumb::engine

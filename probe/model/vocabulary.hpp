// The closed word lists of the outward contract (design.md §2.5): one enum and one table of names
// each. The names are what JSON, text, metrics and alerts print; adding one is a decision, recorded
// in docs/schema and CHANGELOG. `to_string` and `from_string` are generic over the tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb {

// Where in the conversation an observation was made. The order between observations is their
// `after` link, not this list: MySQL's TLS follows its greeting.
enum class Phase : std::uint8_t {
  resolve,
  connect,
  greeting,
  tls,
  login,
  session,
  path,
  cloud,
  local
};
enum class Layer : std::uint8_t { dns, tcp, tls, mysql, session, cloud, client };
enum class Severity : std::uint8_t { info, warning, error, critical };
enum class Confidence : std::uint8_t { possible, likely, certain };
enum class Owner : std::uint8_t { client, network, endpoint_owner, service_provider, dba, pki };
enum class Outcome : std::uint8_t { ok, degraded, failed, unknown };
enum class Purpose : std::uint8_t { connect, dms_source, dms_target, replication_source };
// MySQL's DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY.
enum class TlsMode : std::uint8_t { off, preferred, required, verify_ca, verify_full };

// What was observed. What is inferred from it is a Cause.
enum class Failure : std::uint8_t {
  refused,
  timed_out,
  reset,
  eof,
  host_unreachable,
  net_unreachable,
  admin_prohibited,
  no_route,
  permission_denied,
  address_unavailable,
  local_limit,
  nxdomain,
  nodata,
  servfail,
  query_refused,
  malformed_answer,
  tls_alert,
  tls_protocol,
  tls_eof,
  tls_not_offered,
  certificate_untrusted,
  certificate_name_mismatch,
  certificate_expired,
  certificate_not_yet_valid,
  certificate_invalid,
  mysql_error,
  malformed_packet,
  not_mysql,
  session_error,
  not_visible,
  cancelled
};

template <class E>
struct Names;  // specialised below: `static constexpr std::array<std::string_view, N> list`

template <>
struct Names<Phase> {
  static constexpr std::array<std::string_view, 9> list{
      "resolve", "connect", "greeting", "tls", "login", "session", "path", "cloud", "local"};
};
template <>
struct Names<Layer> {
  static constexpr std::array<std::string_view, 7> list{"dns",     "tcp",   "tls",   "mysql",
                                                        "session", "cloud", "client"};
};
template <>
struct Names<Severity> {
  static constexpr std::array<std::string_view, 4> list{"info", "warning", "error", "critical"};
};
template <>
struct Names<Confidence> {
  static constexpr std::array<std::string_view, 3> list{"possible", "likely", "certain"};
};
template <>
struct Names<Owner> {
  static constexpr std::array<std::string_view, 6> list{
      "client", "network", "endpoint-owner", "service-provider", "dba", "pki"};
};
template <>
struct Names<Outcome> {
  static constexpr std::array<std::string_view, 4> list{"ok", "degraded", "failed", "unknown"};
};
template <>
struct Names<Purpose> {
  static constexpr std::array<std::string_view, 4> list{"connect", "dms-source", "dms-target",
                                                        "replication-source"};
};
template <>
struct Names<TlsMode> {
  static constexpr std::array<std::string_view, 5> list{"off", "preferred", "required", "verify-ca",
                                                        "verify-full"};
};
template <>
struct Names<Failure> {
  static constexpr std::array<std::string_view, 31> list{"refused",
                                                         "timed_out",
                                                         "reset",
                                                         "eof",
                                                         "host_unreachable",
                                                         "net_unreachable",
                                                         "admin_prohibited",
                                                         "no_route",
                                                         "permission_denied",
                                                         "address_unavailable",
                                                         "local_limit",
                                                         "nxdomain",
                                                         "nodata",
                                                         "servfail",
                                                         "query_refused",
                                                         "malformed_answer",
                                                         "tls_alert",
                                                         "tls_protocol",
                                                         "tls_eof",
                                                         "tls_not_offered",
                                                         "certificate_untrusted",
                                                         "certificate_name_mismatch",
                                                         "certificate_expired",
                                                         "certificate_not_yet_valid",
                                                         "certificate_invalid",
                                                         "mysql_error",
                                                         "malformed_packet",
                                                         "not_mysql",
                                                         "session_error",
                                                         "not_visible",
                                                         "cancelled"};
};

template <class E>
constexpr std::string_view to_string(E value) {
  return Names<E>::list[static_cast<std::size_t>(value)];
}

template <class E>
constexpr std::optional<E> from_string(std::string_view name) {
  for (std::size_t i = 0; i < Names<E>::list.size(); ++i)
    if (Names<E>::list[i] == name) return static_cast<E>(i);
  return std::nullopt;
}

static_assert(to_string(Failure::cancelled) == "cancelled", "one name per Failure");
static_assert(to_string(Phase::local) == "local", "one name per Phase");

}  // namespace plumb

#include "checks/registry.hpp"

#include <array>

#include "checks/cloud/causes.hpp"
#include "checks/dns/causes.hpp"
#include "checks/mysql/check.hpp"
#include "checks/session/check.hpp"
#include "checks/tcp/causes.hpp"
#include "checks/tls/causes.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

constexpr KeyInfo kDnsFacts[] = {key::dns_question_name,
                                 key::dns_question_type,
                                 key::dns_rcode,
                                 key::dns_answers,
                                 key::dns_cname_chain,
                                 key::dns_ttl,
                                 key::dns_authoritative,
                                 key::dns_truncated,
                                 key::dns_ede,
                                 key::dns_soa,
                                 key::dns_transport,
                                 key::dns_tries,
                                 key::dns_shared,
                                 key::dns_age_ms,
                                 key::dns_source,
                                 key::dns_nsswitch,
                                 key::dns_not_followed,
                                 key::dns_searched,
                                 key::dns_getaddrinfo,
                                 key::dns_getaddrinfo_error,
                                 key::dns_hosts_line,
                                 key::dns_upstreams,
                                 key::dns_application_view};
constexpr KeyInfo kTcpFacts[] = {
    key::peer_address,      key::peer_port,           key::local_address,
    key::tcp_connect_ms,    key::tcp_syn_retransmits, key::tcp_icmp_type,
    key::tcp_icmp_code,     key::tcp_icmp_from,       key::tcp_mss,
    key::tcp_errno,         key::tcp_waited_ms,       key::tcp_unacked,
    key::tcp_retransmits,   key::tcp_rtt_ms,          key::tcp_syn_left,
    key::local_syns_resent, key::local_resends_failed};
constexpr KeyInfo kTlsFacts[] = {key::tls_version,        key::tls_cipher,
                                 key::tls_subject,        key::tls_issuer,
                                 key::tls_not_before,     key::tls_not_after,
                                 key::tls_sha256,         key::tls_san,
                                 key::tls_chain,          key::tls_path,
                                 key::tls_path_ends,      key::tls_path_ends_with,
                                 key::tls_verify_code,    key::tls_verify_depth,
                                 key::tls_verify_text,    key::tls_chain_ok,
                                 key::tls_name_ok,        key::tls_dates_ok,
                                 key::tls_name_checked,   key::tls_sni,
                                 key::tls_trust,          key::tls_trust_count,
                                 key::tls_trust_subjects, key::tls_alert,
                                 key::tls_alert_name,     key::tls_client_cert_requested,
                                 key::tls_handshake_ms};
// What follow-ups learn; their causes are those of the layers.
constexpr KeyInfo kPathFacts[] = {key::path_experiment,  key::path_attempt, key::path_source_port,
                                  key::path_max_segment, key::path_hops,    key::path_last_hop,
                                  key::path_reached};
constexpr KeyInfo kCloudFacts[] = {
    key::cloud_provider, key::cloud_region,   key::cloud_zone,      key::local_zone_id,
    key::local_vpc,      key::local_subnet,   key::local_vpc_cidrs, key::local_subnet_cidr,
    key::local_groups,   key::local_instance, key::local_metadata,  key::local_clock_offset_s};

}  // namespace

std::span<const Check> checks() {
  static const std::array<Check, 7> kChecks{{{"dns", dns_causes(), kDnsFacts},
                                             {"tcp", tcp_causes(), kTcpFacts},
                                             {"tls", tls_causes(), kTlsFacts},
                                             mysql::mysql_check(),
                                             session::session_check(),
                                             {"path", {}, kPathFacts},
                                             {"cloud", cloud_causes(), kCloudFacts}}};
  return kChecks;
}

}  // namespace plumb

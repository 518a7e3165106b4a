// The facts that the shared rooms produce (the MySQL ones stand in checks/mysql/facts.hpp).
// OpenTelemetry's name where it has one, else <check>.<noun>; the unit is part of the contract.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probe/model/fact.hpp"

namespace plumb::key {

using Text = Key<std::string>;
using Texts = Key<std::vector<std::string>>;
using Number = Key<std::int64_t>;
using Real = Key<double>;
using Flag = Key<bool>;
using Rows = Key<std::vector<Facts>>;

// resolve
inline constexpr Text dns_question_name{"dns.question.name", "",
                                        "the name that was asked, without a trailing dot"};
inline constexpr Text dns_question_type{"dns.question.type", "", "A or AAAA"};
inline constexpr Text dns_rcode{"dns.rcode", "",
                                "NOERROR, NXDOMAIN, SERVFAIL, REFUSED … or the number"};
inline constexpr Texts dns_answers{"dns.answers", "", "the addresses, in the order of the answer"};
inline constexpr Texts dns_cname_chain{"dns.cname_chain", "",
                                       "the names behind the question, in order"};
inline constexpr Number dns_ttl{"dns.ttl_s", "s", "the smallest TTL along the chain"};
inline constexpr Flag dns_authoritative{"dns.authoritative", "", "AA bit"};
inline constexpr Flag dns_truncated{"dns.truncated", "",
                                    "TC bit of the UDP answer, kept although TCP was tried"};
inline constexpr Text dns_ede{"dns.ede", "", "extended DNS error (RFC 8914): code and text"};
inline constexpr Text dns_soa{"dns.soa", "",
                              "zone of the SOA in the authority section of a negative answer"};
inline constexpr Text dns_transport{"dns.transport", "", "udp or tcp"};
inline constexpr Number dns_tries{"dns.tries", "",
                                  "questions sent until an answer came or the limit was reached"};
inline constexpr Flag dns_shared{
    "dns.shared", "",
    "asked for another target of the run: answer, tries and time are that question's"};
inline constexpr Real dns_age_ms{"dns.age_ms", "ms",
                                 "how long ago a shared answer had come, within its TTL"};
inline constexpr Text dns_source{"dns.source", "",
                                 "where the application's answer comes from: hosts, dns, stub"};
inline constexpr Texts dns_nsswitch{"dns.nsswitch", "",
                                    "the sources of the hosts line in their order"};
inline constexpr Texts dns_not_followed{
    "dns.not_followed", "", "sources named in nsswitch.conf that plumb does not follow"};
inline constexpr Texts dns_searched{"dns.searched", "",
                                    "the names tried, search list applied, in order"};
inline constexpr Texts dns_getaddrinfo{"dns.getaddrinfo", "",
                                       "what getaddrinfo gave, asked where sources disagree"};
inline constexpr Text dns_getaddrinfo_error{"dns.getaddrinfo_error", "", "its error, EAI_ name"};
inline constexpr Text dns_hosts_line{"dns.hosts_line", "",
                                     "path and line of the hosts file that names the target"};
inline constexpr Texts dns_upstreams{"dns.upstreams", "", "the real resolvers behind a local stub"};
inline constexpr Flag dns_application_view{"dns.application_view", "",
                                           "this observation is what an application would get"};

// connect
inline constexpr Text peer_address{"network.peer.address", "", "address that was connected to"};
inline constexpr Number peer_port{"network.peer.port", "", "port that was connected to"};
inline constexpr Text local_address{"network.local.address", "",
                                    "address the connection left from"};
inline constexpr Real tcp_connect_ms{"tcp.connect_ms", "ms", "SYN to established"};
inline constexpr Number tcp_syn_retransmits{"tcp.syn_retransmits", "", "SYNs sent again"};
inline constexpr Flag tcp_syn_left{
    "tcp.syn_left", "", "an unanswered SYN that was sent again left this host the last time"};
inline constexpr Number tcp_icmp_type{"tcp.icmp_type", "",
                                      "type of the ICMP error in the socket's error queue"};
inline constexpr Number tcp_icmp_code{"tcp.icmp_code", "", "its code"};
inline constexpr Text tcp_icmp_from{"tcp.icmp_from", "", "address of the device that sent it"};
inline constexpr Number tcp_mss{"tcp.mss", "bytes", "maximum segment size in force"};
inline constexpr Text tcp_errno{"tcp.errno", "", "name of the error, ECONNREFUSED"};
inline constexpr Real admission_waited_ms{
    "admission.waited_ms", "ms",
    "waited for a slot before the first packet; not the target's time"};
inline constexpr Real tcp_waited_ms{"tcp.waited_ms", "ms", "how long nothing came back"};

// a stall: what the kernel knew of the connection when our time was up
inline constexpr Number tcp_unacked{"tcp.unacked", "",
                                    "segments sent and not acknowledged when the time was up"};
inline constexpr Number tcp_retransmits{"tcp.retransmits", "",
                                        "segments sent again over the whole connection"};
inline constexpr Real tcp_rtt_ms{"tcp.rtt_ms", "ms", "smoothed round-trip time"};

// follow-up experiments (probe/model/experiment.hpp) and the path trace
inline constexpr Text path_experiment{
    "path.experiment", "", "which follow-up made this observation; absent in the first pass"};
inline constexpr Number path_attempt{"path.attempt", "",
                                     "1, 2, … where a follow-up repeats itself"};
inline constexpr Number path_source_port{"path.source_port", "",
                                         "the port a follow-up left from on purpose"};
inline constexpr Number path_max_segment{"path.max_segment", "bytes",
                                         "the segment size a follow-up asked for"};
inline constexpr Texts path_hops{
    "path.hops", "", "the routers that answered on the way, one per hop; * for one that did not"};
inline constexpr Number path_last_hop{"path.last_hop", "",
                                      "the farthest hop that answered; 0: none did"};
inline constexpr Flag path_reached{"path.reached", "", "the trace came to the target itself"};

// tls
inline constexpr Text tls_version{"tls.protocol.version", "", "1.2 or 1.3"};
inline constexpr Text tls_cipher{"tls.cipher", "", "IANA name"};
inline constexpr Text tls_subject{"tls.server.subject", "", "subject of the leaf"};
inline constexpr Text tls_issuer{"tls.server.issuer", "", "issuer of the leaf"};
inline constexpr Text tls_not_before{"tls.server.not_before", "", "RFC 3339"};
inline constexpr Text tls_not_after{"tls.server.not_after", "", "RFC 3339"};
inline constexpr Text tls_sha256{"tls.server.hash.sha256", "",
                                 "fingerprint of the leaf, upper case hex"};
inline constexpr Texts tls_san{"tls.san", "",
                               "subject alternative names of the leaf, DNS:… and IP:…"};
inline constexpr Rows tls_chain{"tls.chain", "",
                                "the certificates in the order the server sent them"};
inline constexpr Rows tls_path{"tls.path", "",
                               "the certificates judged: the leaf, its issuer …, the trusted root, "
                               "or as far as they lead; some members only"};
inline constexpr Text tls_path_ends{
    "tls.path_ends", "",
    "RFC 3339; from then on no path above the leaf leads to a trusted root any more"};
inline constexpr Text tls_path_ends_with{"tls.path_ends_with", "",
                                         "subject of the certificate whose end that is"};
inline constexpr Number tls_verify_code{
    "tls.verify_code", "", "X509_V_ERR of the chain alone (time and name judged apart); 0 is good"};
inline constexpr Number tls_verify_depth{"tls.verify_depth", "", "depth at which the chain failed"};
inline constexpr Text tls_verify_text{"tls.verify_text", "", "OpenSSL's words for it"};
inline constexpr Flag tls_chain_ok{"tls.chain_ok", "",
                                   "the chain leads to a trusted root (dates and name apart)"};
inline constexpr Flag tls_name_ok{"tls.name_ok", "", "the leaf is for the name that was checked"};
inline constexpr Flag tls_dates_ok{"tls.dates_ok", "",
                                   "every certificate of the chain is valid now"};
inline constexpr Text tls_name_checked{"tls.name_checked", "", "the name the leaf was checked for"};
inline constexpr Text tls_sni{"tls.sni", "",
                              "the server name that was sent; absent for an address"};
inline constexpr Text tls_trust{"tls.trust", "", "where the trusted roots came from"};
inline constexpr Number tls_trust_count{"tls.trust_count", "", "how many certificates that holds"};
inline constexpr Texts tls_trust_subjects{"tls.trust_subjects", "",
                                          "their subjects, at most eight"};
inline constexpr Number tls_alert{"tls.alert", "", "number of the alert the server sent"};
inline constexpr Text tls_alert_name{"tls.alert_name", "", "its name"};
inline constexpr Flag tls_client_cert_requested{"tls.client_certificate_requested", "",
                                                "the server asked for one"};
inline constexpr Real tls_handshake_ms{"tls.handshake_ms", "ms", "ClientHello to Finished"};

// the members of a tls.chain row
inline constexpr Text cert_subject{"subject", "", "subject"};
inline constexpr Text cert_issuer{"issuer", "", "issuer"};
inline constexpr Text cert_not_before{"not_before", "", "RFC 3339"};
inline constexpr Text cert_not_after{"not_after", "", "RFC 3339"};
inline constexpr Text cert_key{"key", "", "RSA-2048, EC-P-256 …"};
inline constexpr Text cert_sha256{"sha256", "", "fingerprint, upper case hex"};
inline constexpr Flag cert_is_ca{"is_ca", "", "basic constraints CA:TRUE"};
inline constexpr Flag cert_self_signed{"self_signed", "", "issuer and subject are equal"};

// local
inline constexpr Texts local_addresses{"local.addresses", "",
                                       "this host's addresses other than loopback"};
inline constexpr Flag local_default_route{"local.default_route", "", "a default route exists"};
inline constexpr Flag local_any_route{"local.any_route", "",
                                      "any route at all exists, loopback apart"};
inline constexpr Number local_syns_resent{
    "local.syns_resent", "",
    "SYNs that this host, all processes together, sent again while the target was silent"};
inline constexpr Number local_resends_failed{
    "local.resends_failed", "", "retransmissions in that time that could not leave this host"};
inline constexpr Flag local_resolv_conf{"local.resolv_conf_readable", "",
                                        "/etc/resolv.conf could be read"};
inline constexpr Texts local_resolvers{"local.resolvers", "", "the resolvers that are configured"};
inline constexpr Text local_metadata{
    "local.metadata", "", "answered, silent (not in this cloud, or hidden by a hop limit) or off"};
inline constexpr Text cloud_provider{"cloud.provider", "",
                                     "aws, azure, gcp or alibaba_cloud; absent where unknown"};
inline constexpr Text cloud_region{"cloud.region", "", "the region this host is in"};
inline constexpr Text cloud_zone{"cloud.availability_zone", "", "its zone, by the account's name"};
inline constexpr Text local_zone_id{"local.zone_id", "",
                                    "AWS: its zone's id, equal in all accounts"};
inline constexpr Text local_instance{"host.id", "", "the instance's id"};
inline constexpr Text local_vpc{"local.vpc_id", "", "its VPC, VNet or network"};
inline constexpr Text local_subnet{"local.subnet_id", "", "its subnet or vSwitch"};
inline constexpr Texts local_vpc_cidrs{"local.vpc_cidrs", "", "the address ranges of its VPC"};
inline constexpr Text local_subnet_cidr{"local.subnet_cidr", "", "the address range of its subnet"};
inline constexpr Texts local_groups{"local.security_groups", "", "ids of its security groups"};
inline constexpr Real local_clock_offset_s{
    "local.clock_offset_s", "s", "this host's clock minus the metadata service's, to the second"};
inline constexpr Text client_limit{"client.limit", "",
                                   "what plumb itself lacked: a socket, a descriptor, a file"};
inline constexpr Text client_harm_budget{"client.harm_budget", "",
                                         "why an address was spared: dropped, login-delayed, "
                                         "password-refused-elsewhere, account-in-use"};
inline constexpr Real client_last_login_age{
    "client.last_login_age_s", "s", "age of the finished login that this verdict stands on"};

// session: the rest stands in checks/session/facts.hpp
inline constexpr Text session_not_held{
    "session.not_held", "", "why there was no session: no-account, without-tls, other-addresses …"};

}  // namespace plumb::key

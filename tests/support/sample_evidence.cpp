#include "tests/support/sample_evidence.hpp"

#include <chrono>

#include "checks/mysql/facts.hpp"
#include "probe/model/keys.hpp"

namespace plumb::test {
namespace {

using namespace std::chrono_literals;

Observation step(Phase phase, std::string_view endpoint, int after, Micros took) {
  Observation seen;
  seen.phase = phase;
  seen.endpoint = endpoint;
  seen.after = after;
  seen.took = took;
  return seen;
}

Facts certificate(std::string subject, std::string issuer, std::string until, bool is_ca) {
  Facts facts;
  facts.set(key::cert_subject, std::move(subject));
  facts.set(key::cert_issuer, std::move(issuer));
  facts.set(key::cert_not_before, std::string("2026-10-01T00:00:00Z"));
  facts.set(key::cert_not_after, std::move(until));
  facts.set(key::cert_key, std::string("EC-P-256"));
  facts.set(key::cert_is_ca, is_ca);
  return facts;
}

}  // namespace

Case sample_case(std::string_view host, std::string_view profile, Micros took) {
  Case about;
  about.target.given = host;
  about.target.host = host;
  about.target.port = 4000;
  about.profile = find_profile(profile);
  about.policy.tls = TlsMode::verify_full;
  about.policy.ca = "/etc/plumb/ca.pem";
  // 2026-11-21T08:52:38.123456Z
  about.started = WallTime(1795251158s + 123456us);
  about.took = took;
  about.tool_version = "0.1.0";
  return about;
}

Observation resolved(std::string_view host, std::vector<std::string> answers) {
  Observation seen = step(Phase::resolve, "", 0, 412us);
  seen.resolver = "10.0.0.2:53";
  seen.facts.set(key::dns_question_name, std::string(host));
  seen.facts.set(key::dns_question_type, std::string("A"));
  seen.facts.set(key::dns_rcode, std::string("NOERROR"));
  seen.facts.set(key::dns_answers, std::move(answers));
  seen.facts.set(key::dns_ttl, std::int64_t{60});
  seen.facts.set(key::dns_authoritative, false);
  return seen;
}

Observation connected(std::string_view endpoint, int after, int micros) {
  Observation seen = step(Phase::connect, endpoint, after, Micros(micros));
  seen.facts.set(key::tcp_connect_ms, micros / 1000.0);
  seen.facts.set(key::local_address, std::string("10.0.3.7"));
  seen.facts.set(key::tcp_mss, std::int64_t{8949});
  return seen;
}

Observation silent(std::string_view endpoint, int after) {
  Observation seen = step(Phase::connect, endpoint, after, 7s);
  seen.failure = Failure::timed_out;
  seen.raw = "ETIMEDOUT";
  seen.facts.set(key::tcp_syn_retransmits, std::int64_t{2});
  seen.facts.set(key::tcp_waited_ms, 7000.0);
  return seen;
}

Observation greeted(std::string_view endpoint, int after) {
  Observation seen = step(Phase::greeting, endpoint, after, 893us);
  seen.facts.set(mysql::key::version, std::string("8.0.11-TiDB-v8.5.3"));
  seen.facts.set(mysql::key::flavor, std::string("tidb"));
  seen.facts.set(mysql::key::auth_plugin, std::string("mysql_native_password"));
  seen.facts.set(mysql::key::thread_id, std::int64_t{2199023255955});
  return seen;
}

Observation secured(std::string_view endpoint, int after, std::string_view host) {
  Observation seen = step(Phase::tls, endpoint, after, 14231us);
  seen.facts.set(key::tls_version, std::string("1.3"));
  seen.facts.set(key::tls_cipher, std::string("TLS_AES_256_GCM_SHA384"));
  seen.facts.set(key::tls_subject, "CN=" + std::string(host));
  seen.facts.set(key::tls_issuer, std::string("C=US, O=Let's Encrypt, CN=E7"));
  seen.facts.set(key::tls_not_after, std::string("2027-01-19T00:00:00Z"));
  seen.facts.set(key::tls_san, std::vector<std::string>{"DNS:" + std::string(host)});
  seen.facts.set(key::tls_verify_code, std::int64_t{0});
  seen.facts.set(key::tls_chain_ok, true);
  seen.facts.set(key::tls_name_ok, true);
  seen.facts.set(key::tls_dates_ok, true);
  seen.facts.set(key::tls_name_checked, std::string(host));
  seen.facts.set(key::tls_chain,
                 std::vector<Facts>{
                     certificate("CN=" + std::string(host), "C=US, O=Let's Encrypt, CN=E7",
                                 "2027-01-19T00:00:00Z", false),
                     certificate("C=US, O=Let's Encrypt, CN=E7", "C=US, O=ISRG, CN=ISRG Root X1",
                                 "2027-03-12T23:59:59Z", true)});
  seen.facts.set(key::tls_handshake_ms, 14.2309);
  return seen;
}

Observation logged_in(std::string_view endpoint, int after) {
  Observation seen = step(Phase::login, endpoint, after, 2104us);
  seen.facts.set(mysql::key::error_code, std::int64_t{1045});
  seen.facts.set(mysql::key::sqlstate, std::string("28000"));
  seen.facts.set(
      mysql::key::error_text,
      std::string("Access denied for user 'plumb_probe'@'10.0.3.7' (using password: NO)"));
  seen.facts.set(mysql::key::login_answered_by, std::string("server"));
  seen.facts.set(mysql::key::login_ms, 2.0);
  return seen;
}

}  // namespace plumb::test

#include "tests/support/tls_case.hpp"

#include <cstdint>
#include <stdexcept>

#include "checks/tls/causes.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::test {

Case tls_case(TlsMode mode) {
  static const Profile profile{.name = "mysql", .title = "", .host_pattern = "", .port = 3306};
  Case about;
  about.target.host = "db.example.com";
  about.target.port = 3306;
  about.profile = &profile;
  about.policy.tls = mode;
  about.started = noon();
  return about;
}

namespace {

std::vector<Facts> rows_of(const std::vector<ChainLink>& links) {
  std::vector<Facts> rows;
  for (const ChainLink& link : links) {
    Facts row;
    row.set(key::cert_subject, link.subject);
    row.set(key::cert_issuer, link.issuer);
    row.set(key::cert_not_before, link.not_before);
    row.set(key::cert_not_after, link.not_after);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

void set_path(Observation& seen, const std::vector<ChainLink>& links) {
  seen.facts.set(key::tls_path, rows_of(links));
}

void set_chain(Observation& seen, const std::vector<ChainLink>& links) {
  seen.facts.set(key::tls_subject, links.front().subject);
  seen.facts.set(key::tls_issuer, links.front().issuer);
  seen.facts.set(key::tls_not_before, links.front().not_before);
  seen.facts.set(key::tls_not_after, links.front().not_after);
  seen.facts.set(key::tls_chain, rows_of(links));
}

Observation good_tls(const std::string& endpoint) {
  Observation seen;
  seen.phase = Phase::tls;
  seen.endpoint = endpoint;
  seen.facts.set(key::tls_version, std::string("1.3"));
  seen.facts.set(key::tls_cipher, std::string("TLS_AES_256_GCM_SHA384"));
  set_chain(seen, {{"CN=db.example.com", "CN=Mid,O=Own"}, {"CN=Mid,O=Own", "CN=Root,O=Own"}});
  seen.facts.set(key::tls_san, std::vector<std::string>{"DNS:db.example.com"});
  seen.facts.set(key::tls_name_checked, std::string("db.example.com"));
  seen.facts.set(key::tls_chain_ok, true);
  seen.facts.set(key::tls_dates_ok, true);
  seen.facts.set(key::tls_name_ok, true);
  seen.facts.set(key::tls_trust, std::string("/etc/ca.pem"));
  seen.facts.set(key::tls_trust_count, std::int64_t{1});
  seen.facts.set(key::tls_trust_subjects, std::vector<std::string>{"CN=Root,O=Own"});
  return seen;
}

Observation failed_tls(Failure failure, const std::string& raw, const std::string& endpoint) {
  Observation seen;
  seen.phase = Phase::tls;
  seen.endpoint = endpoint;
  seen.failure = failure;
  seen.raw = raw;
  return seen;
}

void distrust(Observation& seen, int code, int depth, const std::vector<std::string>& trusted,
              const std::string& trust) {
  seen.failure = Failure::certificate_untrusted;
  seen.facts.set(key::tls_chain_ok, false);
  seen.facts.set(key::tls_verify_code, std::int64_t{code});
  seen.facts.set(key::tls_verify_depth, std::int64_t{depth});
  seen.facts.set(key::tls_trust, trust);
  seen.facts.set(key::tls_trust_subjects, trusted);
  const auto count = trust == "system" && !trusted.empty() ? std::size_t{140} : trusted.size();
  seen.facts.set(key::tls_trust_count, static_cast<std::int64_t>(count));
}

Verdict judge(const Case& about, std::string_view id) {
  for (const Cause& cause : tls_causes())
    if (cause.id == id) return cause.match(about);
  throw std::runtime_error("no such cause: " + std::string(id));
}

std::string bound(const Verdict& verdict, std::string_view name) {
  return std::string(verdict.bound(name));
}

}  // namespace plumb::test

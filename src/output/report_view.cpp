#include "src/output/report_view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "checks/mysql/facts.hpp"
#include "checks/session/facts.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::output {
namespace {

constexpr std::array<std::string_view, Names<Failure>::list.size()> kFailureWords{
    "refused (RST)",
    "no answer",
    "connection reset",
    "closed by the peer",
    "host unreachable",
    "network unreachable",
    "prohibited",
    "no route to it",
    "not permitted on this host",
    "no local address or port left",
    "plumb lacks a resource",
    "NXDOMAIN: no such name",
    "no address for this name",
    "SERVFAIL",
    "REFUSED by the resolver",
    "malformed DNS answer",
    "TLS alert",
    "TLS protocol error",
    "closed during the TLS handshake",
    "TLS is not offered",
    "certificate not trusted",
    "certificate is for another name",
    "certificate has expired",
    "certificate not valid yet",
    "certificate invalid",
    "error packet",
    "malformed packet",
    "not a MySQL server",
    "session error",
    "not visible from here",
    "cancelled"};

bool intersects(const std::vector<int>& a, const std::vector<int>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](int n) { return std::find(b.begin(), b.end(), n) != b.end(); });
}

// A failure whose own words say more than its name.
bool raw_says_more(Failure failure) {
  switch (failure) {
    case Failure::local_limit:
    case Failure::permission_denied:
    case Failure::tls_alert:
    case Failure::tls_protocol:
    case Failure::malformed_answer:
    case Failure::malformed_packet:
    case Failure::not_mysql:
    case Failure::session_error:
    case Failure::certificate_invalid:
      return true;
    default:
      return false;
  }
}

std::string failure_phrase(const Observation& seen) {
  if (const auto* code = seen.facts.get(mysql::key::error_code)) {
    const std::string text = seen.facts.get_or(mysql::key::error_text, seen.raw);
    return text.empty() ? fmt::format("error {}", *code) : fmt::format("error {}: {}", *code, text);
  }
  const std::string words(kFailureWords[static_cast<std::size_t>(*seen.failure)]);
  if (const auto* from = seen.facts.get(key::tcp_icmp_from)) return words + ", says " + *from;
  if (const auto* text = seen.facts.get(key::tls_verify_text);
      text && seen.failure == Failure::certificate_untrusted)
    return words + ": " + *text;
  return raw_says_more(*seen.failure) && !seen.raw.empty() ? words + ": " + seen.raw : words;
}

// The version a person means. The fact stays as the server sent it: MariaDB puts 5.5.5- before its
// own for the sake of old replicas, TiDB that of the MySQL it resembles.
std::string plain_version(std::string_view sent, std::string_view flavor) {
  constexpr std::string_view kCompatible = "5.5.5-", kTidb = "-TiDB-v";
  if (flavor == "mariadb") {
    if (sent.starts_with(kCompatible)) sent.remove_prefix(kCompatible.size());
    sent = sent.substr(0, sent.find("-MariaDB"));
  }
  if (const auto at = sent.find(kTidb); flavor == "tidb" && at != std::string_view::npos)
    sent.remove_prefix(at + kTidb.size());
  return std::string(sent);
}

std::string server_phrase(const Facts& facts) {
  const std::string sent = facts.get_or(mysql::key::version, {});
  const std::string flavor = facts.get_or(mysql::key::flavor, {});
  if (sent.empty()) return flavor;
  const std::string version = plain_version(sent, flavor);
  return flavor.empty() || flavor == "unknown" ? version : flavor + " " + version;
}

std::string tls_phrase(const Facts& facts) {
  std::string out = "TLS " + facts.get_or(key::tls_version, {});
  if (facts.get_or(key::tls_chain_ok, false) && facts.get_or(key::tls_name_ok, false))
    return out + ", verified";
  if (const auto* ok = facts.get(key::tls_chain_ok))
    out += *ok ? ", chain trusted" : ", chain not trusted";
  if (const auto* ok = facts.get(key::tls_name_ok)) out += *ok ? ", name matches" : ", other name";
  return out;
}

std::string resolve_phrase(const Facts& facts) {
  const auto* answers = facts.get(key::dns_answers);
  if (answers && !answers->empty()) return fmt::format("{}", fmt::join(*answers, ", "));
  const std::string rcode = facts.get_or(key::dns_rcode, {});
  return rcode.empty() || rcode == "NOERROR" ? "no address" : rcode;
}

std::string metadata_phrase(const Facts& facts) {
  const std::string provider = facts.get_or(key::cloud_provider, {});
  if (provider.empty()) return "metadata service: " + facts.get_or(key::local_metadata, {});
  const std::string zone = facts.get_or(key::cloud_zone, facts.get_or(key::cloud_region, {}));
  const std::string vpc = facts.get_or(key::local_vpc, {});
  return provider + (zone.empty() ? "" : ", " + zone) + (vpc.empty() ? "" : ", " + vpc);
}

std::string path_phrase(const Facts& facts) {
  if (facts.get_or(key::path_reached, false)) return "reaches the target";
  const std::int64_t last = facts.get_or(key::path_last_hop, std::int64_t{0});
  if (last == 0) return "no hop on the way answers";
  const auto* hops = facts.get(key::path_hops);
  const bool known = hops && static_cast<std::int64_t>(hops->size()) >= last;
  const std::string who = known ? " " + (*hops)[static_cast<std::size_t>(last - 1)] : "";
  return fmt::format("ends behind hop {}{}", last, who);
}

// Who answers, as whom, over what, whether it takes writes, and where its binary log stands.
std::string session_phrase(const Facts& facts) {
  std::string out = facts.get_or(session::key::version,
                                 facts.get_or(session::key::hostname, std::string("done")));
  const auto add = [&out](const std::string& part) { out += part.empty() ? "" : ", " + part; };
  add(facts.get_or(session::key::current_user, {}));
  add(facts.get_or(session::key::tls_version, {}));
  const auto* read_only = facts.get(session::key::read_only_by);
  if (read_only) add(read_only->empty() ? "takes writes" : "read-only");
  if (const auto* file = facts.get(session::key::binlog_file))
    add(fmt::format("{}:{}", *file, facts.get_or(session::key::binlog_position, std::int64_t{0})));
  const std::string gtid = facts.get_or(session::key::gtid_mode, {});
  add(gtid.empty() ? gtid : "gtid_mode " + gtid);
  const std::string uuid = facts.get_or(session::key::server_uuid, {});
  add(uuid.empty() ? uuid : "server " + uuid);
  return out;
}

std::string local_phrase(const Facts& facts) {
  if (facts.has(key::local_metadata)) return metadata_phrase(facts);
  const auto* addresses = facts.get(key::local_addresses);
  if (addresses && !addresses->empty()) return fmt::format("{}", fmt::join(*addresses, ", "));
  return addresses ? "no address but loopback" : "looked at";
}

// No failure and yet an error: the refusal of the anonymous login, which is all that it can get.
std::string login_phrase(const Facts& facts) {
  const auto* code = facts.get(mysql::key::error_code);
  return code ? fmt::format("answered (refused: {})", *code) : "accepted";
}

// What a session showed to be right, where it was held for a purpose.
std::string fit_for(const Case& about) {
  const bool held = std::ranges::any_of(about.evidence.observations, [](const Observation& seen) {
    return seen.phase == Phase::session && !seen.failure;
  });
  if (!held || about.purpose == Purpose::connect) return {};
  return fmt::format(" A session as {}: nothing that {} needs is missing.", about.policy.account,
                     to_string(about.purpose));
}

// What works, from the facts of the branch that got furthest. A certificate that the policy does not
// ask about is recorded as a failure, and the conversation goes on over the same TLS.
std::string healthy(const Case& about) {
  Facts all;
  for (const Observation& seen : experiment::first_pass(about.evidence))
    if (!seen.failure || seen.facts.has(key::tls_version)) all.merge(seen.facts);
  const std::string server = server_phrase(all);
  std::string out = server.empty() ? "Answers" : fmt::format("Answers as {}", server);
  if (all.has(key::tls_version))
    out += fmt::format(" over TLS {}", all.get_or(key::tls_version, {}));
  else
    out += " without TLS";
  const bool verified = all.get_or(key::tls_chain_ok, false) &&
                        all.get_or(key::tls_name_ok, false) && all.get_or(key::tls_dates_ok, true);
  if (!verified && all.has(key::tls_chain_ok)) out += "; certificate not verified";
  if (verified) out += fmt::format("; certificate verified for {}", about.name_to_check());
  const std::string until = all.get_or(key::tls_not_after, {});
  if (verified && until.size() >= 10) out += ", valid until " + until.substr(0, 10);
  return out + "." + fit_for(about);
}

}  // namespace

Ranked ranked(const Diagnosis& diagnosis) {
  Ranked out;
  bool competing = false;
  for (const Finding& finding : diagnosis.findings) {
    if (&finding == &diagnosis.findings.front() && diagnosis.outcome != Outcome::ok) {
      out.root = &finding;
      competing = finding.confidence != Confidence::certain;
      continue;
    }
    // Candidates stand directly behind the root (design.md §2.4) and explain the same observations.
    competing = competing && finding.confidence != Confidence::certain &&
                intersects(finding.evidence, out.root->evidence);
    (competing ? out.rivals : out.others).push_back(&finding);
  }
  return out;
}

std::string target_name(const Case& about) {
  const auto port = about.target.port ? about.target.port : about.profile->port;
  const std::string& host = about.target.host;
  if (!port) return host;
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, *port)
                                             : fmt::format("[{}]:{}", host, *port);
}

std::string_view verdict_word(Outcome outcome) {
  static constexpr std::array<std::string_view, 4> kWords{"OK", "DEGRADED", "FAILED", "UNKNOWN"};
  return kWords[static_cast<std::size_t>(outcome)];
}

std::string where(const Observation& seen) {
  if (!seen.endpoint.empty()) return seen.endpoint;
  if (!seen.resolver.empty()) {
    const std::string type = seen.facts.get_or(key::dns_question_type, {});
    return type.empty() ? seen.resolver : seen.resolver + " " + type;
  }
  if (seen.phase == Phase::local) return "this host";
  if (seen.facts.get_or(key::dns_source, {}) == "hosts") return "hosts file";
  return seen.phase == Phase::resolve ? "as the application asks" : "";
}

std::string outcome_of(const Observation& seen) {
  if (seen.failure) return failure_phrase(seen);
  switch (seen.phase) {
    case Phase::resolve:
      return resolve_phrase(seen.facts);
    case Phase::connect:
      return "connected";
    case Phase::greeting:
      return server_phrase(seen.facts).empty() ? "greeting" : server_phrase(seen.facts);
    case Phase::tls:
      return tls_phrase(seen.facts);
    case Phase::login:
      return login_phrase(seen.facts);
    case Phase::local:
      return local_phrase(seen.facts);
    case Phase::path:
      return path_phrase(seen.facts);
    case Phase::session:
      return session_phrase(seen.facts);
    default:
      return "done";
  }
}

std::string duration(Micros took) {
  const double ms = static_cast<double>(took.count()) / 1000;
  if (ms < 10) return fmt::format("{:.1f} ms", ms);
  return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.2f} s", ms / 1000);
}

std::string headline(const Report& report) {
  const Ranked parts = ranked(report.diagnosis);
  if (parts.root) return parts.root->summary;
  return report.diagnosis.outcome == Outcome::ok ? healthy(report.about) : "Could not be measured.";
}

std::string numbers(std::vector<int> evidence) {
  std::sort(evidence.begin(), evidence.end());
  std::vector<std::string> parts;
  for (std::size_t at = 0, end = 0; at < evidence.size(); at = end) {
    for (end = at + 1; end < evidence.size() && evidence[end] == evidence[end - 1] + 1;) ++end;
    if (end - at < 3) end = at + 1;  // a run of two is no shorter
    parts.push_back(end - at == 1 ? std::to_string(evidence[at])
                                  : fmt::format("{}-{}", evidence[at], evidence[end - 1]));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace plumb::output

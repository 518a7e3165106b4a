// For the node_exporter's textfile collector: blackbox_exporter's names, so that existing
// dashboards and rules work, and plumb's own (design.md §2.6). Labels hold what the user configured
// and closed vocabularies; a server's version is bounded. No error text and no failing address is
// ever a label.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "checks/mysql/facts.hpp"
#include "probe/model/address.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"
#include "probe/model/rfc3339.hpp"
#include "src/output/exposition.hpp"
#include "src/output/renderer.hpp"
#include "src/output/report_view.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kLabelLimit = 64;

double seconds(Micros took) { return static_cast<double>(took.count()) / 1e6; }
double unix_time(WallTime at) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  return static_cast<double>(since.count()) / 1000;
}

// One target's samples; every one carries its labels.
class Samples {
 public:
  Samples(Exposition& out, const Case& about)
      : out_(out),
        own_{{"target", printable(target_name(about))},
             {"profile", std::string(about.profile->name)},
             {"purpose", std::string(to_string(about.purpose))}} {
    own_.insert(own_.end(), about.target.labels.begin(), about.target.labels.end());
  }

  void add(std::string_view name, std::string_view help, double value, const Labels& more = {}) {
    Labels labels = own_;
    labels.insert(labels.end(), more.begin(), more.end());
    out_.gauge(name, help, labels, value);
  }

 private:
  Exposition& out_;
  Labels own_;
};

void durations(Samples& samples, const Case& about) {
  std::map<Phase, Micros> longest;
  for (const Observation& seen : experiment::first_pass(about.evidence))
    longest[seen.phase] = std::max(longest[seen.phase], seen.took);
  for (const auto& [phase, took] : longest)
    if (phase != Phase::local)
      samples.add("probe_phase_duration_seconds",
                  "Duration of the longest step of a phase; steps run side by side", seconds(took),
                  {{"phase", std::string(to_string(phase))}});
  if (const auto resolve = longest.find(Phase::resolve); resolve != longest.end())
    samples.add("probe_dns_lookup_time_seconds", "Duration of the longest DNS lookup",
                seconds(resolve->second));
}

void failure(Samples& samples, const Report& report) {
  const Diagnosis& diagnosis = report.diagnosis;
  const bool passed = diagnosis.outcome == Outcome::ok || diagnosis.outcome == Outcome::degraded;
  if (passed || diagnosis.findings.empty()) return;
  const Finding& root = diagnosis.findings.front();
  const Observation* proof =
      root.evidence.empty() ? nullptr : report.about.evidence.find(root.evidence.front());
  const Phase phase = proof ? proof->phase : Phase::local;
  samples.add(
      "probe_failure_info", "Why the probe fails: phase of the evidence and id of the cause", 1,
      {{"phase", std::string(to_string(phase))}, {"reason", printable(root.id, kLabelLimit)}});
}

// FNV-1a over the address bytes, as blackbox_exporter has it: tells a change without naming the
// address.
double address_hash(const Address& address) {
  std::uint32_t hash = 2166136261U;
  const std::size_t size = address.is_v4() ? 4 : 16;
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ address.bytes()[i]) * 16777619U;
  return hash;
}

void network(Samples& samples, const Case& about) {
  std::optional<Address> first, connected;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.phase != Phase::connect) continue;
    const auto endpoint = Endpoint::parse(seen.endpoint);
    if (!endpoint) continue;
    if (!first) first = endpoint->address;
    if (!seen.failure && !connected) connected = endpoint->address;
  }
  const auto& address = connected ? connected : first;
  if (!address) return;
  samples.add("probe_ip_protocol", "IP version of the address, 4 or 6", address->is_v4() ? 4 : 6);
  samples.add("probe_ip_addr_hash", "Hash of the address, to see that it changed",
              address_hash(*address));
}

std::optional<double> earliest_expiry(const Facts& facts) {
  std::optional<double> earliest;
  const auto look = [&](const std::string* text) {
    const auto at = text ? parse_rfc3339(*text) : std::nullopt;
    // Whole seconds, as blackbox_exporter has it.
    if (at) earliest = std::min(earliest.value_or(INFINITY), std::floor(unix_time(*at)));
  };
  look(facts.get(key::tls_not_after));
  if (const auto* chain = facts.get(key::tls_chain))
    for (const Facts& certificate : *chain) look(certificate.get(key::cert_not_after));
  return earliest;
}

void tls(Samples& samples, const Evidence& evidence) {
  std::optional<double> earliest;
  std::string version;
  for (const Observation& seen : experiment::first_pass(evidence)) {
    if (const auto expiry = earliest_expiry(seen.facts))
      earliest = std::min(earliest.value_or(INFINITY), *expiry);
    if (version.empty()) version = printable(seen.facts.get_or(key::tls_version, {}), kLabelLimit);
  }
  if (earliest)
    samples.add("probe_ssl_earliest_cert_expiry",
                "Earliest end of any certificate that was sent, Unix time", *earliest);
  if (!version.empty())
    samples.add("probe_tls_version_info", "TLS version that was agreed", 1,
                {{"version", "TLS " + version}});
}

void server(Samples& samples, const Evidence& evidence) {
  for (const Observation& seen : experiment::first_pass(evidence)) {
    const auto* version = seen.facts.get(mysql::key::version);
    if (!version) continue;
    const auto label = [&](const auto& key) {
      return printable(seen.facts.get_or(key, {}), kLabelLimit);
    };
    samples.add("probe_mysql_server_info", "What answered, from its greeting", 1,
                {{"version", printable(*version, kLabelLimit)},
                 {"flavor", label(mysql::key::flavor)},
                 {"auth_plugin", label(mysql::key::auth_plugin)}});
    return;
  }
}

std::string whole(std::span<const Report> reports, const Summary&, const RenderOptions&) {
  Exposition out;
  for (const Report& report : reports) {
    const Case& about = report.about;
    const Outcome outcome = report.diagnosis.outcome;
    Samples samples(out, about);
    samples.add("probe_success", "Whether a client gets through: 1 for ok and degraded",
                outcome == Outcome::ok || outcome == Outcome::degraded ? 1 : 0);
    samples.add("probe_duration_seconds", "Duration of the whole probe", seconds(about.took));
    failure(samples, report);
    durations(samples, about);
    network(samples, about);
    tls(samples, about.evidence);
    server(samples, about.evidence);
    samples.add("plumb_last_probe_timestamp_seconds", "When the probe began, Unix time",
                unix_time(about.started));
  }
  return out.text();
}

}  // namespace

extern const Renderer kPrometheus;
const Renderer kPrometheus{
    .name = "prometheus", .what = "metrics for the textfile collector", .whole = whole};

}  // namespace plumb::output

#include "src/evidence_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <istream>
#include <streambuf>
#include <utility>

#include "probe/model/printable.hpp"
#include "probe/model/rfc3339.hpp"
#include "src/output/facts_json.hpp"
#include "src/output/timestamp.hpp"
#include "src/own_profile_json.hpp"
#include "src/strict_json.hpp"
#include "src/target_entry.hpp"

namespace plumb {
namespace {

using output::Json;
using strict::check_keys;
using strict::integer;
using strict::milliseconds;
using strict::optional_text;
using strict::required;
using strict::text;
using strict::word;
using strict::Wrong;

constexpr std::string_view kSchema = "plumb.evidence/1";
constexpr int kDepthLimit = 8;  // the deepest thing is a member of a certificate: 6

Json target_to_json(const Target& target) {
  Json out{{"given", target.given}, {"host", target.host}};
  if (target.port) out["port"] = *target.port;
  if (!target.user.empty()) out["user"] = target.user;
  if (!target.database.empty()) out["database"] = target.database;
  if (!target.labels.empty()) out["labels"] = target.labels;
  if (!target.cleaned.empty()) out["cleaned"] = target.cleaned;
  return out;
}

void labels_from_json(const Json& json, Target& into) {
  if (!json.is_object()) throw Wrong("'labels' must be an object");
  for (const auto& [name, value] : json.items()) {
    if (!may_be_label(name)) throw Wrong(fmt::format("'{}' is no label", printable(name, 60)));
    into.labels.emplace(name, strict::as_text(value, "labels"));
  }
}

Target target_from_json(const Json& json) {
  check_keys(json, "target", {"given", "host", "port", "user", "database", "labels", "cleaned"});
  Target target;
  target.given = text(json, "given");
  target.host = text(json, "host");
  if (json.contains("port"))
    target.port = static_cast<std::uint16_t>(integer(json, "port", 1, 65535));
  target.user = optional_text(json, "user");
  target.database = optional_text(json, "database");
  if (json.contains("labels")) labels_from_json(json["labels"], target);
  if (!json.contains("cleaned")) return target;
  if (!json["cleaned"].is_array()) throw Wrong("'cleaned' must be a list");
  for (const Json& phrase : json["cleaned"])
    target.cleaned.push_back(strict::as_text(phrase, "cleaned"));
  return target;
}

Json policy_to_json(const Policy& policy) {
  Json out{{"tls", to_string(policy.tls)}};
  if (!policy.server_name.empty()) out["server_name"] = policy.server_name;
  if (!policy.ca.empty()) out["ca"] = policy.ca;
  if (policy.pinned_target) out["pinned_target"] = policy.pinned_target->to_string();
  if (policy.cert_warn_days) out["cert_warn_days"] = *policy.cert_warn_days;
  if (!policy.account.empty()) out["account"] = policy.account;
  out["probe_user"] = policy.probe_user;
  if (!policy.replica_version.empty()) out["replica_version"] = policy.replica_version;
  return out;
}

Policy policy_from_json(const Json& json) {
  check_keys(json, "policy",
             {"tls", "server_name", "ca", "pinned_target", "cert_warn_days", "account",
              "probe_user", "replica_version"});
  Policy policy;
  policy.tls = word<TlsMode>(json, "tls");
  policy.server_name = optional_text(json, "server_name");
  policy.ca = optional_text(json, "ca");
  if (json.contains("pinned_target")) {
    policy.pinned_target = Address::parse(text(json, "pinned_target"));
    if (!policy.pinned_target) throw Wrong("'pinned_target' must be an IP address");
  }
  if (json.contains("cert_warn_days"))
    policy.cert_warn_days = integer(json, "cert_warn_days", 0, 1000000);
  policy.account = optional_text(json, "account");
  policy.probe_user = text(json, "probe_user");
  policy.replica_version = optional_text(json, "replica_version");
  return policy;
}

Observation observation_from_json(const Json& json, int n) {
  check_keys(json, "an observation",
             {"n", "after", "phase", "endpoint", "resolver", "took_ms", "failure", "raw", "facts"});
  Observation seen;
  seen.n = integer(json, "n", n, n);
  seen.after = integer(json, "after", 0, n - 1);
  seen.phase = word<Phase>(json, "phase");
  seen.endpoint = optional_text(json, "endpoint");
  seen.resolver = optional_text(json, "resolver");
  seen.took = milliseconds(json, "took_ms");
  if (json.contains("failure")) seen.failure = word<Failure>(json, "failure");
  seen.raw = optional_text(json, "raw");
  std::string error;
  auto facts = output::facts_from_json(required(json, "facts"), error);
  if (!facts) throw Wrong(error);
  seen.facts = std::move(*facts);
  return seen;
}

Evidence evidence_from_json(const Json& json) {
  if (!json.is_array()) throw Wrong("'evidence' must be a list");
  Evidence evidence;
  for (const Json& row : json) {
    const int n = static_cast<int>(evidence.observations.size()) + 1;
    try {
      evidence.observations.push_back(observation_from_json(row, n));
    } catch (const Wrong& wrong) {
      throw Wrong(fmt::format("observation {}: {}", n, wrong.what()));
    }
  }
  return evidence;
}

const Profile& profile_named(const std::string& name) {
  if (const Profile* profile = find_profile(name)) return *profile;
  throw Wrong(fmt::format(
      "unknown profile '{}': written by another version, or mistyped; 'plumb {}' does not know it",
      printable(name, 60), PLUMB_VERSION));
}

// The user's, written with the evidence; else a shipped one.
void read_profile(const Json& json, Case& into) {
  const std::string name = text(json, "profile");
  if (!json.contains("own_profile")) {
    into.profile = &profile_named(name);
    return;
  }
  UserProfileText own = own_profile_from_json(json["own_profile"]);
  own.name = name;
  UserProfile::Made made = UserProfile::make(std::move(own));
  if (!made.profile) throw Wrong("own_profile: " + made.error);
  into.profile = &made.profile->row();
  into.own_profile = std::move(made.profile);
}

Case case_from_json(const Json& json) {
  check_keys(json, "the line",
             {"schema", "target", "profile", "own_profile", "purpose", "policy", "started",
              "took_ms", "budget_ms", "tool_version", "evidence"});
  if (const std::string schema = text(json, "schema"); schema != kSchema)
    throw Wrong(fmt::format("'{}' is not {}", printable(schema, 60), kSchema));
  Case about;
  about.target = target_from_json(required(json, "target"));
  read_profile(json, about);
  about.purpose = word<Purpose>(json, "purpose");
  about.policy = policy_from_json(required(json, "policy"));
  const auto started = parse_rfc3339(text(json, "started"));
  // Dates near the clock's own limits (1678, 2262) would overflow in any sum with a duration.
  using namespace std::chrono;
  if (!started || *started < WallTime{} || *started > sys_days{year{2200} / 1 / 1})
    throw Wrong("'started' must be a time like 2026-11-21T08:52:38.123456Z");
  about.started = *started;
  about.took = milliseconds(json, "took_ms");
  about.budget = milliseconds(json, "budget_ms");
  about.tool_version = text(json, "tool_version");
  about.evidence = evidence_from_json(required(json, "evidence"));
  return about;
}

// Deep nesting is refused while parsing, before it costs memory.
Json parse_json(std::string_view line) {
  return Json::parse(line.begin(), line.end(), [](int depth, Json::parse_event_t, Json&) {
    if (depth > kDepthLimit) throw Wrong("nested too deeply");
    return true;
  });
}

bool blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// Like std::getline, but stops reading at the limit; false at the end of the file.
bool next_line(std::istream& in, std::string& line) {
  line.clear();
  std::streambuf& bytes = *in.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  int c = bytes.sbumpc();
  if (c == kEnd) return false;
  for (; c != kEnd && c != '\n' && line.size() <= kEvidenceLineLimit; c = bytes.sbumpc())
    line.push_back(static_cast<char>(c));
  return true;
}

}  // namespace

std::string write_evidence(const Case& about) {
  output::JsonText out;
  out.begin_object().key("schema").text(kSchema);
  out.key("target").json(output::dump_line(target_to_json(about.target)));
  out.key("profile").text(about.profile->name);
  out.key("purpose").text(to_string(about.purpose));
  out.key("policy").json(output::dump_line(policy_to_json(about.policy)));
  out.key("started").text(output::timestamp(about.started, 6));
  out.key("took_ms").number(in_ms(about.took)).key("budget_ms").number(in_ms(about.budget));
  out.key("tool_version").text(about.tool_version).key("evidence");
  output::write_observations(out, about.evidence, output::Doubles::exact);
  if (about.own_profile)
    out.key("own_profile").json(output::dump_line(own_profile_to_json(about.own_profile->text())));
  return out.end_object().take() + "\n";
}

ParsedEvidence parse_evidence(std::string_view line) {
  ParsedEvidence out;
  if (line.size() > kEvidenceLineLimit) {
    out.error = "longer than 16 MiB";
    return out;
  }
  try {
    out.about = case_from_json(parse_json(line));
  } catch (const Wrong& wrong) {
    out.error = wrong.what();
  } catch (const Json::exception& wrong) {
    out.error = "not JSON: " + printable(wrong.what(), 200);
  }
  return out;
}

EvidenceFile read_evidence(std::istream& in) {
  EvidenceFile out;
  std::string line;
  for (std::size_t number = 1; next_line(in, line); ++number) {
    if (blank(line)) continue;
    ParsedEvidence parsed = parse_evidence(line);
    if (!parsed.about) {
      out.error = fmt::format("line {}: {}", number, parsed.error);
      return out;
    }
    out.cases.push_back(std::move(*parsed.about));
  }
  if (out.cases.empty()) out.error = "no evidence in it";
  return out;
}

}  // namespace plumb

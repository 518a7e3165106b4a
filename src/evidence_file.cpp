#include "src/evidence_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <istream>
#include <stdexcept>
#include <streambuf>
#include <utility>

#include "probe/model/printable.hpp"
#include "probe/model/rfc3339.hpp"
#include "src/output/facts_json.hpp"
#include "src/output/timestamp.hpp"

namespace plumb {
namespace {

using output::Json;

constexpr std::string_view kSchema = "plumb.evidence/1";
constexpr std::size_t kTextLimit = 65536;
constexpr int kDepthLimit = 8;       // the deepest thing is a member of a certificate: 6
constexpr double kMostMs = 1e9;      // eleven days
struct Wrong : std::runtime_error {  // never leaves this file
  using std::runtime_error::runtime_error;
};

void check_keys(const Json& json, std::string_view what,
                std::initializer_list<std::string_view> known) {
  if (!json.is_object())
    throw Wrong(fmt::format("{} must be an object, not {}", what, json.type_name()));
  for (const auto& [key, value] : json.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw Wrong(fmt::format("{} has no member '{}'", what, printable(key, 60)));
}

const Json& required(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) throw Wrong(fmt::format("'{}' is missing", key));
  return *found;
}

std::string as_text(const Json& json, std::string_view key) {
  if (!json.is_string())
    throw Wrong(fmt::format("'{}' must be a text, not {}", key, json.type_name()));
  return printable(json.get_ref<const std::string&>(), kTextLimit);
}
std::string text(const Json& json, const char* key) { return as_text(required(json, key), key); }
std::string optional_text(const Json& json, const char* key) {
  return json.contains(key) ? text(json, key) : std::string();
}

int integer(const Json& json, const char* key, int least, int most) {
  const Json& value = required(json, key);
  // get() would wrap a number that does not fit.
  const double real = value.is_number_integer() ? value.get<double>() : NAN;
  if (!(real >= least && real <= most))
    throw Wrong(fmt::format("'{}' must be a whole number of {} to {}", key, least, most));
  return static_cast<int>(real);
}

Micros milliseconds(const Json& json, const char* key) {
  const Json& value = required(json, key);
  const double ms = value.is_number() ? value.get<double>() : NAN;
  if (!(ms >= 0 && ms <= kMostMs))
    throw Wrong(fmt::format("'{}' must be a number of milliseconds", key));
  return Micros{std::llround(ms * 1000)};
}

template <class E>
E word(const Json& json, const char* key) {
  const std::string name = text(json, key);
  const auto value = from_string<E>(name);
  if (!value) throw Wrong(fmt::format("'{}' is no {}", printable(name, 60), key));
  return *value;
}

Json target_to_json(const Target& target) {
  Json out{{"given", target.given}, {"host", target.host}};
  if (target.port) out["port"] = *target.port;
  if (!target.user.empty()) out["user"] = target.user;
  if (!target.database.empty()) out["database"] = target.database;
  if (!target.cleaned.empty()) out["cleaned"] = target.cleaned;
  return out;
}

Target target_from_json(const Json& json) {
  check_keys(json, "target", {"given", "host", "port", "user", "database", "cleaned"});
  Target target;
  target.given = text(json, "given");
  target.host = text(json, "host");
  if (json.contains("port"))
    target.port = static_cast<std::uint16_t>(integer(json, "port", 1, 65535));
  target.user = optional_text(json, "user");
  target.database = optional_text(json, "database");
  if (!json.contains("cleaned")) return target;
  if (!json["cleaned"].is_array()) throw Wrong("'cleaned' must be a list");
  for (const Json& phrase : json["cleaned"]) target.cleaned.push_back(as_text(phrase, "cleaned"));
  return target;
}

Json policy_to_json(const Policy& policy) {
  Json out{{"tls", to_string(policy.tls)}};
  if (!policy.server_name.empty()) out["server_name"] = policy.server_name;
  if (!policy.ca.empty()) out["ca"] = policy.ca;
  if (policy.cert_warn_days) out["cert_warn_days"] = *policy.cert_warn_days;
  if (!policy.account.empty()) out["account"] = policy.account;
  out["probe_user"] = policy.probe_user;
  if (!policy.replica_version.empty()) out["replica_version"] = policy.replica_version;
  return out;
}

Policy policy_from_json(const Json& json) {
  check_keys(
      json, "policy",
      {"tls", "server_name", "ca", "cert_warn_days", "account", "probe_user", "replica_version"});
  Policy policy;
  policy.tls = word<TlsMode>(json, "tls");
  policy.server_name = optional_text(json, "server_name");
  policy.ca = optional_text(json, "ca");
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

Case case_from_json(const Json& json) {
  check_keys(json, "the line",
             {"schema", "target", "profile", "purpose", "policy", "started", "took_ms", "budget_ms",
              "tool_version", "evidence"});
  if (const std::string schema = text(json, "schema"); schema != kSchema)
    throw Wrong(fmt::format("'{}' is not {}", printable(schema, 60), kSchema));
  Case about;
  about.target = target_from_json(required(json, "target"));
  about.profile = &profile_named(text(json, "profile"));
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
  const Json out{{"schema", kSchema},
                 {"target", target_to_json(about.target)},
                 {"profile", about.profile->name},
                 {"purpose", to_string(about.purpose)},
                 {"policy", policy_to_json(about.policy)},
                 {"started", output::timestamp(about.started, 6)},
                 {"took_ms", in_ms(about.took)},
                 {"budget_ms", in_ms(about.budget)},
                 {"tool_version", about.tool_version},
                 {"evidence", output::evidence_to_json(about.evidence, output::Doubles::exact)}};
  return output::dump_line(out) + "\n";
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

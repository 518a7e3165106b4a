#include "src/scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <utility>

#include "probe/model/cause.hpp"
#include "probe/model/target.hpp"
#include "src/cli_values.hpp"
#include "src/scenario_session.hpp"
#include "src/scenario_world.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

using namespace std::literals;

constexpr ScenarioText kShipped[] = {
#include "scenarios.inc"
};

template <class T>
T required(const YAML::Node& where, std::optional<T> value, const char* what) {
  if (!value) yaml::fail(where, what);
  return *std::move(value);
}

engine::Settings read_settings(const YAML::Node& options) {
  engine::Settings settings;
  if (!options) return settings;
  yaml::allow_keys(options, {"tls", "ca", "server_name", "user", "password", "connect_to",
                             "pinned_target", "resolvers", "vpc_resolver", "ipv4", "ipv6",
                             "timeout", "cert_warn", "purpose", "replica_version"});
  if (const YAML::Node tls = options["tls"])
    settings.tls = required(tls, parse_tls_mode(yaml::text_of(tls)), "no TLS mode");
  settings.ca = yaml::text_or(options, "ca", "");
  settings.server_name = yaml::text_or(options, "server_name", "");
  settings.user = yaml::text_or(options, "user", "");
  if (options["password"]) settings.password = Secret(yaml::text_of(options["password"]));
  if (options["connect_to"]) settings.connect_to = yaml::address_of(options["connect_to"]);
  if (options["pinned_target"]) settings.pinned_target = yaml::address_of(options["pinned_target"]);
  for (const auto& resolver : options["resolvers"])
    settings.resolvers.push_back(
        required(resolver, parse_resolver(yaml::text_of(resolver)), "no resolver"));
  if (const YAML::Node resolver = options["vpc_resolver"])
    settings.vpc_resolver =
        required(resolver, parse_resolver(yaml::text_of(resolver)), "no resolver");
  if (const YAML::Node purpose = options["purpose"])
    settings.purpose =
        required(purpose, from_string<Purpose>(yaml::text_of(purpose)), "no purpose");
  settings.replica_version = yaml::text_or(options, "replica_version", "");
  settings.ipv4 = yaml::flag_or(options, "ipv4", true);
  settings.ipv6 = yaml::flag_or(options, "ipv6", true);
  if (options["timeout"]) settings.timeout = yaml::span_of(options["timeout"]);
  if (options["cert_warn"]) settings.cert_warn_days = options["cert_warn"].as<int>();
  return settings;
}

std::set<std::string> ids(const YAML::Node& list) {
  const auto found = yaml::texts(list);
  return {found.begin(), found.end()};
}

Expectation read_expectation(const YAML::Node& expect) {
  yaml::allow_keys(expect, {"outcome", "cause", "findings", "notes", "ruled_out"});
  Expectation expected;
  const YAML::Node outcome = expect["outcome"];
  expected.outcome =
      required(expect, from_string<Outcome>(yaml::text_or(expect, "outcome", "")), "no outcome");
  expected.cause = yaml::text_or(expect, "cause", "");
  expected.findings = ids(expect["findings"]);
  if (!expect["findings"] && !expected.cause.empty()) expected.findings = {expected.cause};
  expected.notes = ids(expect["notes"]);
  expected.ruled_out = ids(expect["ruled_out"]);
  return expected;
}

Scenario read_scenario(const ScenarioText& text, WallTime now) {
  const YAML::Node file = YAML::Load(std::string(text.yaml));
  yaml::allow_keys(
      file, {"story", "target", "options", "client", "resolv_conf", "hosts", "nsswitch", "dns",
             "servers", "metadata", "hops", "only_tcp", "session", "expect", "shapes"});
  Scenario scenario;
  scenario.name = text.name;
  scenario.story = yaml::text_or(file, "story", "");
  if (scenario.story.empty()) yaml::fail(file, "no story");
  if (!file["expect"]) yaml::fail(file, "no expectation");
  ParsedTarget target = parse_target(yaml::text_or(file, "target", ""));
  if (!target.target) yaml::fail(file, target.error.message);
  scenario.target = *std::move(target.target);
  scenario.settings = read_settings(file["options"]);
  scenario.world = read_world(file, now);
  scenario.world.session = session_of_story(file["session"]);
  scenario.expect = read_expectation(file["expect"]);
  return scenario;
}

std::string listed(const std::set<std::string>& items) {
  return items.empty() ? "none" : fmt::format("{}", fmt::join(items, ", "));
}

// What is expected and not there.
std::set<std::string> missing(const std::set<std::string>& expected,
                              const std::set<std::string>& found) {
  std::set<std::string> absent;
  for (const std::string& id : expected)
    if (!found.count(id)) absent.insert(id);
  return absent;
}

}  // namespace

std::span<const ScenarioText> shipped_scenarios() { return kShipped; }

std::variant<Scenario, std::string> parse_scenario(const ScenarioText& text, WallTime now) {
  try {
    return read_scenario(text, now);
  } catch (const YAML::Exception& error) {
    return std::string(text.name) + ".yaml: " + error.what();
  }
}

std::string disagreement(const Expectation& expected, const Diagnosis& diagnosis) {
  std::set<std::string> findings, notes, ruled_out;
  for (const Finding& finding : diagnosis.findings)
    (finding.severity >= Severity::warning ? findings : notes).insert(finding.id);
  for (const Cause* cause : diagnosis.catalogue)
    if (!findings.contains(std::string(cause->id)) && !notes.contains(std::string(cause->id)))
      ruled_out.emplace(cause->id);

  if (diagnosis.outcome != expected.outcome)
    return "outcome is " + std::string(to_string(diagnosis.outcome)) + ", expected " +
           std::string(to_string(expected.outcome)) + "; findings: " + listed(findings);
  if (diagnosis.cause() != expected.cause)
    return "cause is " + std::string(diagnosis.cause()) + ", expected " + expected.cause;
  if (findings != expected.findings)
    return "findings are " + listed(findings) + "; expected " + listed(expected.findings);
  if (const auto absent = missing(expected.notes, notes); !absent.empty())
    return "not noted: " + listed(absent);
  if (const auto absent = missing(expected.ruled_out, ruled_out); !absent.empty())
    return "not ruled out: " + listed(absent);
  return {};
}

}  // namespace plumb

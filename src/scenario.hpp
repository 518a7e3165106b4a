// A scenario is one story in one YAML file under tests/scenarios: a world (resolvers, endpoints,
// what answers there), what the user asked for, and the verdict that must come out. The same file
// is a test of the whole engine, a case of `plumb selftest` and the documentation of a cause by
// example.
//
//   story: The security group of the endpoint drops the SYN.
//   target: db.example.com:3306
//   options: {tls: verify-full, ca: ca.pem, user: app, password: pw}
//   dns:     {10.0.0.2: {db.example.com: {a: [10.0.1.10]}}}
//   servers: {10.0.1.10:3306: silent}
//   expect:  {outcome: failed, cause: …, findings: [every id of warning or more]}
//
// Files are read strictly: an unknown key is an error, so a typing mistake cannot make a story
// pass. src/scenario_world.hpp reads `dns`, `servers` and the client's own files.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "probe/engine/settings.hpp"
#include "probe/model/diagnosis.hpp"
#include "probe/net/scripted_network.hpp"

namespace plumb {

struct Expectation {
  Outcome outcome = Outcome::ok;
  std::string cause;                // empty: none
  std::set<std::string> findings;   // exactly those of warning or more
  std::set<std::string> notes;      // at least these of info
  std::set<std::string> ruled_out;  // at least these
};

struct Scenario {
  std::string name;
  std::string story;
  Target target;
  engine::Settings settings;
  net::ScriptedWorld world;
  Expectation expect;
};

struct ScenarioText {
  std::string_view name;  // the file's, without its ending
  std::string_view yaml;
};
std::span<const ScenarioText> shipped_scenarios();

// `now`: what "expires_in: 3d" counts from. The error names the place.
std::variant<Scenario, std::string> parse_scenario(const ScenarioText& text, WallTime now);

// What differs from the expectation; empty: nothing.
std::string disagreement(const Expectation& expected, const Diagnosis& diagnosis);

}  // namespace plumb

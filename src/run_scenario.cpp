#include "src/run_scenario.hpp"

#include <variant>

#include "probe/engine/memory.hpp"
#include "src/run_targets.hpp"

namespace plumb {

std::vector<Report> run_scenario(const Scenario& scenario) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), scenario.world);
  engine::Memory memory;
  std::vector<Report> reports;
  run_targets(io, network, {scenario.target}, scenario.settings, memory,
              [&reports](const Report& report) { reports.push_back(report); });
  return reports;
}

std::string failing(const ScenarioText& text, WallTime now) {
  const auto parsed = parse_scenario(text, now);
  if (const std::string* error = std::get_if<std::string>(&parsed)) return *error;
  const Scenario& scenario = std::get<Scenario>(parsed);
  const std::vector<Report> reports = run_scenario(scenario);
  if (reports.size() != 1) return "it gave " + std::to_string(reports.size()) + " reports";
  return disagreement(scenario.expect, reports.front().diagnosis);
}

}  // namespace plumb

#include "src/run_scenario.hpp"

#include <memory>
#include <variant>

#include "probe/engine/memory.hpp"
#include "src/run_targets.hpp"

namespace plumb {

std::vector<Report> run_scenario(const Scenario& scenario) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), scenario.world);
  engine::Memory memory;
  std::vector<Report> reports;
  const std::vector<Target> one{scenario.target};
  run_targets(io, network, all_of(one, std::make_shared<engine::Settings>(scenario.settings)), Room{},
              memory, [&reports](Report&& report, std::size_t) { reports.push_back(std::move(report)); });
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

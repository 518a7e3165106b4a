#include "src/selftest_command.hpp"

#include <chrono>
#include <string>

#include "src/deliver.hpp"
#include "src/exit_code.hpp"
#include "src/run_scenario.hpp"

namespace plumb {

int selftest_command() {
  const WallTime now = std::chrono::system_clock::now();
  std::string text;
  std::size_t wrong = 0;
  for (const ScenarioText& scenario : shipped_scenarios()) {
    const std::string what = failing(scenario, now);
    text += (what.empty() ? "ok      " : "FAILED  ") + std::string(scenario.name) +
            (what.empty() ? "" : ": " + what) + "\n";
    wrong += what.empty() ? 0 : 1;
  }
  const std::size_t all = shipped_scenarios().size();
  text += std::to_string(all) + " scenarios, " +
          (wrong == 0 ? "all as expected" : std::to_string(wrong) + " not as expected") + "\n";

  const std::string error = write_stdout(text);
  if (!error.empty()) {
    complain("stdout could not be written: " + error);
    return kExitUnknown;
  }
  return wrong == 0 ? kExitOk : kExitFailed;
}

}  // namespace plumb

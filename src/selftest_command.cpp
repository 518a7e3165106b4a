#include "src/selftest_command.hpp"

#include <chrono>
#include <string>
#include <variant>

#include "src/deliver.hpp"
#include "src/exit_code.hpp"
#include "src/recording.hpp"
#include "src/run_scenario.hpp"

namespace plumb {
namespace {

struct Tally {
  std::string text;
  std::size_t wrong = 0;

  void add(const std::string& name, const std::string& what) {
    text +=
        (what.empty() ? "ok      " : "FAILED  ") + name + (what.empty() ? "" : ": " + what) + "\n";
    wrong += what.empty() ? 0 : 1;
  }
};

void add_scenarios(Tally& tally) {
  const WallTime now = std::chrono::system_clock::now();
  for (const ScenarioText& scenario : shipped_scenarios())
    tally.add(std::string(scenario.name), failing(scenario, now));
}

void add_recordings(Tally& tally) {
  const auto truths = read_truths(shipped_truths());
  if (const std::string* error = std::get_if<std::string>(&truths))
    return tally.add("recordings", *error);
  for (const RecordingText& recording : shipped_recordings())
    tally.add("recording " + std::string(recording.name),
              failing(recording, std::get<Truths>(truths)));
}

}  // namespace

int selftest_command() {
  Tally tally;
  add_scenarios(tally);
  add_recordings(tally);
  tally.text +=
      std::to_string(shipped_scenarios().size()) + " scenarios, " +
      std::to_string(shipped_recordings().size()) + " recordings, " +
      (tally.wrong == 0 ? "all as expected" : std::to_string(tally.wrong) + " not as expected") +
      "\n";
  return answer(tally.text, tally.wrong == 0 ? kExitOk : kExitFailed);
}

}  // namespace plumb

// Everything that can go wrong before the first packet: targets, trusted roots, client certificate,
// password. What is wrong is a sentence, and exit 2.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probe/engine/settings.hpp"
#include "src/options.hpp"
#include "src/run_targets.hpp"
#include "src/target_list.hpp"

namespace plumb {

struct Prepared {
  TargetList targets;  // each of them can be parsed
  engine::Settings settings;
  std::vector<std::string> notes;  // what was cleaned, for stderr
  std::string error;               // empty: all is there
};
Prepared prepare(const CheckOptions& options);

// Each target of the list in its turn. `prepared` must live as long as it is asked.
NextOrder orders(const Prepared& prepared, std::shared_ptr<const engine::Settings> settings);

}  // namespace plumb

// Everything that can go wrong before the first packet: targets, trusted roots, client certificate,
// password. What is wrong is a sentence, and exit 2.
#pragma once

#include <string>
#include <vector>

#include "probe/engine/settings.hpp"
#include "probe/model/target.hpp"
#include "src/options.hpp"

namespace plumb {

struct Prepared {
  std::vector<Target> targets;
  engine::Settings settings;
  std::vector<std::string> notes;  // what was cleaned, for stderr
  std::string error;               // empty: all is there
};
Prepared prepare(const CheckOptions& options);

}  // namespace plumb

// Everything that can go wrong before the first packet: targets, trusted roots, client certificate,
// password. What is wrong is a sentence, and exit 2.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "probe/engine/settings.hpp"
#include "src/options.hpp"
#include "src/run_targets.hpp"
#include "src/target_list.hpp"

namespace plumb {

struct Prepared {
  TargetList targets;     // each of them can be parsed
  std::size_t count = 0;  // of them
  engine::Settings settings;
  std::vector<std::string> notes;  // what was cleaned, for stderr
  std::string error;               // empty: all is there
};
Prepared prepare(const CheckOptions& options);

// Each target of the list in its turn, or those that are shard number `shard`'s: one name is one
// shard's, so that its questions are asked once. `prepared` must live as long as it is asked.
NextOrder orders(const Prepared& prepared, std::shared_ptr<const engine::Settings> settings,
                 std::size_t shard = 0, std::size_t shards = 1);

}  // namespace plumb

// Everything that can go wrong before the first packet: targets, trusted roots, client certificate,
// password. What is wrong is a sentence, and exit 2.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probe/engine/settings.hpp"
#include "src/entry_settings.hpp"
#include "src/options.hpp"
#include "src/run_targets.hpp"
#include "src/target_list.hpp"

namespace plumb {

struct Prepared {
  TargetList targets;              // each of them can be parsed
  std::size_t count = 0;           // of them
  engine::Settings settings;       // the command line's
  EntrySettings own{false};        // of entries that say more
  std::vector<std::string> notes;  // what was cleaned, for stderr
  std::string error;               // empty: all is there
};
Prepared prepare(const CheckOptions& options);

// Each target of the list in its turn. Not for two threads at once; `prepared` must outlive it.
class Orders {
 public:
  // `settings`: of entries that say nothing about themselves.
  Orders(const Prepared& prepared, std::shared_ptr<const engine::Settings> settings);
  std::optional<Order> next();  // nothing: the end, or an error
  // The list is no longer what was looked at: what came before was probed.
  const std::string& error() const { return error_; }

 private:
  const EntrySettings* own_;
  TargetList::Reader reader_;
  std::shared_ptr<const engine::Settings> settings_;
  std::shared_ptr<const engine::Settings> last_;  // neighbours often say the same
  OwnOptions last_own_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace plumb

// Everything that can go wrong before the first packet: targets, trusted roots, client certificate,
// password. What is wrong is a sentence, and exit 2.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "probe/engine/settings.hpp"
#include "src/entry_settings.hpp"
#include "src/options.hpp"
#include "src/run_targets.hpp"
#include "src/target_entry.hpp"
#include "src/target_list.hpp"

namespace plumb {

// Who owns an entry, among any number of shards: a number that is the same for the same host.
struct KeptEntry {
  std::size_t owner = 0;
  TargetEntry entry;
};

// Each target has been parsed once when this is made. A short list is kept so; of a long one the
// beginning, since a million lines shall be no million objects, and the rest is parsed once more.
struct Prepared {
  static constexpr std::size_t kKept = 16 * 1024;

  std::size_t count = 0;                   // of targets
  std::vector<KeptEntry> first;            // at most kKept
  std::optional<TargetList::Reader> rest;  // what comes after them
  engine::Settings settings;               // the command line's
  EntrySettings own{false};                // of entries that say more
  std::vector<std::string> notes;          // what was cleaned, for stderr
  std::string error;                       // empty: all is there
};
Prepared prepare(const CheckOptions& options);

// The targets of the list, each in its turn. `prepared` must outlive it.
class Orders {
 public:
  // `settings`: of entries that say nothing about themselves.
  Orders(const Prepared& prepared, std::shared_ptr<const engine::Settings> settings)
      : prepared_(prepared), settings_(std::move(settings)) {}

  // The list as shard number `shard` goes through it, in its own thread: what another shard owns is
  // passed over. One name is one shard's, so that its questions are asked once.
  NextOrder of_shard(std::size_t shard = 0, std::size_t shards = 1);
  // The list is no longer what was looked at: what came before was probed.
  std::string error() const;

 private:
  class Pass;
  void note(const std::string& error);

  const Prepared& prepared_;
  std::shared_ptr<const engine::Settings> settings_;
  mutable std::mutex mutex_;
  std::string error_;
};

}  // namespace plumb

// What each entry of a list is probed with. Settings are shared: one object for all entries that
// name the same profile, purpose, roots and password file, so that a million of them cost nothing.
// What makes an entry one of its kind (connect_to, server_name, user) is set in a copy when its
// turn comes, and not kept.
//
// Every file that an entry names is read before the first packet, once, and kept: roots and
// passwords grow with the number of different files, not with the entries.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "probe/engine/settings.hpp"
#include "src/target_entry.hpp"

namespace plumb {

class EntrySettings {
 public:
  explicit EntrySettings(bool stdin_taken) : stdin_taken_(stdin_taken) {}  // by the command line

  // Before the first packet. `base`: the command line's, which receives all roots. What is wrong
  // with the entry; empty: nothing.
  std::string admit(const TargetEntry& entry, engine::Settings& base,
                    std::vector<std::string>& notes);
  // After the last, and the command line's password: what `base` got since is in the settings of all.
  void finish(const engine::Settings& base);

  // `plain`: the settings of entries that say nothing about themselves.
  std::shared_ptr<const engine::Settings> of(
      const OwnOptions& own, const std::shared_ptr<const engine::Settings>& plain) const;

 private:
  using Kind = std::tuple<std::string, std::string, std::string, int>;
  static Kind kind_of(const OwnOptions& own);
  static bool is_plain(const Kind& kind);

  std::string load_password(const TargetEntry& entry, const engine::Settings& base);
  void add_kind(const OwnOptions& own, const engine::Settings& base);

  bool stdin_taken_;
  std::map<std::string, Secret> passwords_;  // by file
  std::map<Kind, std::shared_ptr<engine::Settings>> kinds_;
};

}  // namespace plumb

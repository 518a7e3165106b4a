// What the command line came to: one struct per command, as values. Nothing is read or opened yet.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "probe/engine/settings.hpp"
#include "probe/model/vocabulary.hpp"

namespace plumb {

struct ReportOptions {
  std::string format = "text";
  Severity fail_on = Severity::error;
  bool explain = false;
  bool quiet = false;  // failing targets only
  bool no_color = false;
};

struct CheckOptions {
  std::vector<std::string> targets;       // "-": a list on stdin
  std::vector<std::string> target_lists;  // files of --targets; "-": stdin
  engine::Settings settings;              // trust and password are not loaded yet
  std::string profile_file;               // empty: none
  std::string password_file;              // "-": stdin; empty: none
  std::string save_file;                  // empty: none
  ReportOptions report;
};

struct WaitOptions {
  CheckOptions check;
  Outcome until = Outcome::ok;  // ok: ok or degraded; failed
  std::chrono::milliseconds deadline{std::chrono::minutes(10)};
  std::chrono::milliseconds interval{std::chrono::seconds(10)};
};

struct ReplayOptions {
  std::string file;  // "-": stdin
  ReportOptions report;
};

struct CausesOptions {
  std::string id;  // empty: all
  bool json = false;
};

struct ProfilesOptions {
  std::string name;          // empty: all
  std::string profile_file;  // empty: none
  bool json = false;
};

struct SelftestOptions {};

using Command = std::variant<CheckOptions, WaitOptions, ReplayOptions, CausesOptions,
                             ProfilesOptions, SelftestOptions>;

}  // namespace plumb

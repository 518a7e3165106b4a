// The options that commands share, bound to where their values go.
#pragma once

#include "src/options.hpp"

namespace CLI {
class App;
}

namespace plumb {

void add_check_options(CLI::App& command, CheckOptions& into);
// What only many targets need: lists of them, and how fast they are gone through.
void add_fleet_options(CLI::App& command, CheckOptions& into);
void add_report_options(CLI::App& command, ReportOptions& into);

// What no single option can see: "--user needs --password-file". Empty: nothing is wrong.
std::string check_conflict(const CheckOptions& options);

}  // namespace plumb

#include "src/program.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include "probe/net/asio.hpp"
#include "src/causes_command.hpp"
#include "src/check_command.hpp"
#include "src/cli.hpp"
#include "src/deliver.hpp"
#include "src/exit_code.hpp"
#include "src/profiles_command.hpp"
#include "src/replay_command.hpp"
#include "src/selftest_command.hpp"
#include "src/wait_command.hpp"

namespace plumb {
namespace {

struct Dispatch {
  int operator()(const CheckOptions& options) const { return check_command(options); }
  int operator()(const WaitOptions& options) const { return wait_command(options); }
  int operator()(const ReplayOptions& options) const { return replay_command(options); }
  int operator()(const CausesOptions& options) const { return causes_command(options); }
  int operator()(const ProfilesOptions& options) const { return profiles_command(options); }
  int operator()(const SelftestOptions&) const { return selftest_command(); }
};

int give(const Answer& all) {
  std::fwrite(all.err.data(), 1, all.err.size(), stderr);
  return answer(all.out, all.exit_code);
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of write(), with words
  try {
    const auto parsed = parse_command_line(arguments);
    if (const Answer* answer = std::get_if<Answer>(&parsed)) return give(*answer);
    return std::visit(Dispatch{}, std::get<Command>(parsed));
  } catch (const boost::system::system_error& error) {
    const bool limit = error.code() == boost::system::errc::too_many_files_open ||
                       error.code() == boost::system::errc::too_many_files_open_in_system;
    complain((limit ? "could not start for want of file descriptors (ulimit -n): "
                    : "stopped by an internal error: ") +
             std::string(error.what()));
    return kExitUnknown;
  } catch (const std::exception& error) {
    complain("stopped by an internal error: " + std::string(error.what()));
    return kExitUnknown;
  }
}

}  // namespace plumb

#include "src/cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "src/cli_options.hpp"
#include "src/cli_values.hpp"
#include "src/exit_code.hpp"
#include "src/help_text.hpp"

namespace plumb {
namespace {

constexpr std::string_view kVersion = "plumb " PLUMB_VERSION;
constexpr const char* kExitCodes =
    "Exit: 0 all targets ok or degraded, 1 one failed or has a finding at or above\n"
    "--fail-on, 2 wrong usage, 3 could not measure. With -o nagios: the convention of\n"
    "its plugins.";

struct Parsed {
  CheckOptions check;
  WaitOptions wait;
  ReplayOptions replay;
  CausesOptions causes;
  ProfilesOptions profiles;
};

void add_check(CLI::App& app, Parsed& into) {
  CLI::App* check = app.add_subcommand("check", "Diagnose once.");
  check->footer(kExitCodes);
  check
      ->add_option("TARGET", into.check.targets,
                   "host, host:port, [v6]:port, mysql://user@host:port/db; - reads a list on "
                   "stdin, as --targets does")
      ->type_name("");
  add_fleet_options(*check, into.check);
  add_check_options(*check, into.check);
}

void add_wait(CLI::App& app, Parsed& into) {
  CLI::App* wait = app.add_subcommand("wait", "Diagnose again and again, until it works or fails.");
  wait->footer("Exit: 0 reached, 1 the deadline passed, 2 wrong usage, 3 could not measure.");
  wait->option_defaults()->group("Waiting");
  wait->add_option("TARGET", into.wait.check.targets,
                   "host, host:port, [v6]:port or mysql://user@host:port/db")
      ->required()
      ->expected(1)
      ->type_name("");
  const auto until = [&into](const std::string& word) {
    if (word != "ok" && word != "failed")
      throw CLI::ValidationError("--for", "expected ok or failed");
    into.wait.until = word == "ok" ? Outcome::ok : Outcome::failed;
  };
  wait->add_option_function<std::string>("--for", until, "what to wait for [ok]")
      ->type_name("ok|failed");
  const auto duration = [wait](const char* name, std::chrono::milliseconds& store,
                               const char* help) {
    const auto read = [name, &store](const std::string& text) {
      const auto value = parse_duration(text);
      if (!value)
        throw CLI::ValidationError(name, "expected a duration such as 500ms, 10s, 10m or 1h");
      store = *value;
    };
    wait->add_option_function<std::string>(name, read, help)->type_name("DURATION");
  };
  duration("--deadline", into.wait.deadline, "give up after this [10m]");
  duration("--interval", into.wait.interval, "from the start of one attempt to the next [10s]");
  add_check_options(*wait, into.wait.check);
}

std::function<void(const std::string&)> text_or_json(bool& json) {
  return [&json](const std::string& word) {
    if (word != "text" && word != "json") throw CLI::ValidationError("-o", "expected text or json");
    json = word == "json";
  };
}

void add_others(CLI::App& app, Parsed& into) {
  CLI::App* replay = app.add_subcommand("replay", "Judge saved evidence again, offline.");
  replay->add_option("FILE", into.replay.file, "what --save wrote; - reads stdin")
      ->required()
      ->type_name("");
  add_report_options(*replay, into.replay.report);
  replay->footer(kExitCodes);

  CLI::App* causes = app.add_subcommand("causes", "The causes that plumb knows, or one in full.");
  causes->add_option("ID", into.causes.id, "a cause, such as dns-nxdomain; without it all")
      ->type_name("");
  causes
      ->add_option_function<std::string>("-o", text_or_json(into.causes.json),
                                         "text or json [text]")
      ->type_name("FORMAT");
}

void add_profiles(CLI::App& app, Parsed& into) {
  CLI::App* profiles = app.add_subcommand(
      "profiles", "The deployments that plumb knows, or one in full: what is right there.");
  profiles
      ->add_option("NAME", into.profiles.name,
                   "a profile, such as tidb-dedicated-private; without it all")
      ->type_name("");
  profiles
      ->add_option("--profile-file", into.profiles.profile_file,
                   "profiles of your own as well, YAML")
      ->type_name("FILE");
  profiles
      ->add_option_function<std::string>("-o", text_or_json(into.profiles.json),
                                         "text or json [text]")
      ->type_name("FORMAT");
  app.add_subcommand("selftest", "Judge the shipped scenarios and recordings, without network.");
}

bool wants_nagios(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool apart =
        arguments[i] == "-o" && i + 1 < arguments.size() && arguments[i + 1] == "nagios";
    if (apart || arguments[i] == "-onagios" || arguments[i] == "-o=nagios") return true;
  }
  return false;
}

std::string help_hint(const CLI::App& app) {
  const auto used = app.get_subcommands();
  return "Try 'plumb " + (used.empty() ? "" : used.front()->get_name() + " ") + "--help'.\n";
}

// Names the first argument that was not understood; its value may be a password and stays out.
std::string describe_extra(const CLI::App& app) {
  const auto extras = app.remaining(true);
  if (extras.empty() || extras.front().size() < 2 || extras.front()[0] != '-')
    return "too many arguments";
  const std::string option = extras.front().substr(0, extras.front().find('='));
  if (option.rfind("--pass", 0) == 0 || option.rfind("-p", 0) == 0)
    return "passwords are not taken from the command line: --password-file FILE, or - for stdin";
  return "unknown option " + option;
}

std::variant<Command, Answer> chosen(const CLI::App& app, Parsed& parsed) {
  const std::string command = app.get_subcommands().front()->get_name();
  if (command == "check") return Command(std::move(parsed.check));
  if (command == "wait") return Command(std::move(parsed.wait));
  if (command == "replay") return Command(std::move(parsed.replay));
  if (command == "profiles") return Command(std::move(parsed.profiles));
  if (command == "causes") return Command(std::move(parsed.causes));
  return Command(SelftestOptions{});
}

std::string conflict(const CLI::App& app, const Parsed& parsed) {
  if (app.got_subcommand("check")) return check_conflict(parsed.check);
  if (!app.got_subcommand("wait")) return {};
  if (parsed.wait.check.targets.front() == "-") return "wait takes one TARGET, not a list";
  return check_conflict(parsed.wait.check);
}

void describe(CLI::App& app) {
  app.name("plumb");
  app.description("Why a MySQL-protocol database behind a private endpoint cannot be reached.");
  app.formatter(help_formatter());
  app.require_subcommand(1);
  app.set_help_flag("--help", "this help");
  app.set_version_flag("--version", std::string(kVersion), "the program's version");
}

}  // namespace

std::variant<Command, Answer> parse_command_line(const std::vector<std::string>& arguments) {
  Parsed parsed;
  CLI::App app;
  describe(app);
  add_check(app, parsed);
  add_wait(app, parsed);
  add_others(app, parsed);
  add_profiles(app, parsed);
  for (CLI::App* command : app.get_subcommands({})) {
    command->option_defaults()->group("Options");
    command->set_version_flag("--version", std::string(kVersion), "the program's version");
  }
  app.footer(
      "Exit: 0 all well, 1 a target failed, 2 wrong usage, 3 could not measure.\n"
      "Begin with: plumb check HOST. All options: plumb COMMAND --help.");

  const auto wrong = [&](const std::string& what) {
    const int code = wants_nagios(arguments) ? kExitUnknown : kExitUsage;
    return Answer{code, {}, "plumb: " + what + "\n" + help_hint(app)};
  };
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    const std::string clash = conflict(app, parsed);
    if (!clash.empty()) return wrong(clash);
    return chosen(app, parsed);
  } catch (const CLI::CallForHelp&) {
    return Answer{kExitOk, app.help(), {}};
  } catch (const CLI::CallForVersion&) {
    return Answer{kExitOk, std::string(kVersion) + "\n", {}};
  } catch (const CLI::ExtrasError&) {
    return wrong(describe_extra(app));
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
}

}  // namespace plumb

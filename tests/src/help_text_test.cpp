#include "src/help_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "src/cli.hpp"

namespace plumb {
namespace {

std::string help_of(std::vector<std::string> command) {
  command.push_back("--help");
  const auto parsed = parse_command_line(command);
  const Answer* answer = std::get_if<Answer>(&parsed);
  return answer ? answer->out : "";
}

TEST(HelpText, FitsEightyColumns) {
  for (const char* name : {"", "check", "wait", "replay", "causes", "profiles", "selftest"}) {
    std::istringstream help(
        help_of(*name ? std::vector<std::string>{name} : std::vector<std::string>{}));
    int lines = 0;
    for (std::string line; std::getline(help, line); ++lines) {
      EXPECT_LE(line.size(), 80u) << name << ": " << line;
      EXPECT_FALSE(line.ends_with(' ')) << name << ": " << line;
    }
    EXPECT_GT(lines, 5) << name;
  }
}

TEST(HelpText, NamesValuesAndDefaultsUnderHeadings) {
  CLI::App app("What it does.", "tool");
  app.formatter(help_formatter());
  app.set_help_flag("--help", "this help");
  std::vector<std::string> hosts;
  int days = 14;
  std::string quite_long;
  app.add_option("HOST", hosts, "whom to ask")->required();
  app.option_defaults()->group("Limits");
  app.add_option("--days", days, "how many")
      ->check(CLI::Range(0, 99))
      ->capture_default_str()
      ->type_name("DAYS");
  app.add_option("--quite-long-option", quite_long, "what does not fit beside it")
      ->type_name("VALUE");
  app.footer("Exit: 0.");
  EXPECT_EQ(app.help(),
            "What it does.\n\n"
            "Usage: tool [OPTIONS] HOST...\n\n"
            "  HOST                     whom to ask\n\n"
            "Limits:\n"
            "  --days DAYS              how many [14]\n"
            "  --quite-long-option VALUE\n"
            "                           what does not fit beside it\n\n"
            "Options:\n"
            "  --help                   this help\n\n"
            "Exit: 0.\n");
}

}  // namespace
}  // namespace plumb

#include "src/help_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "src/output/columns.hpp"

namespace plumb {
namespace {

constexpr std::size_t kWidth = 80, kColumn = 27;

std::string entry(const std::string& name, const std::string& text) {
  const std::string left = "  " + name;
  if (left.size() + 2 <= kColumn) return output::hanging(output::left(left, kColumn), text, kWidth);
  return left + "\n" + output::hanging(std::string(kColumn, ' '), text, kWidth);
}

// "DAYS:INT in [0 - 36500]" is DAYS to a reader.
std::string value_of(const CLI::Option& option) {
  if (option.get_type_size() == 0) return {};
  if (!option.get_option_text().empty()) return " " + option.get_option_text();
  const std::string type = option.get_type_name();
  return type.empty() ? type : " " + type.substr(0, type.find(':'));
}

std::string described(const CLI::Option& option) {
  const std::string usual = option.get_default_str();
  return option.get_description() + (usual.empty() ? "" : " [" + usual + "]");
}

std::string positional(const CLI::Option& option) {
  const std::string name = option.get_name(true) + (option.get_expected_max() > 1 ? "..." : "");
  return option.get_required() ? name : "[" + name + "]";
}

std::vector<const CLI::Option*> options_of(const CLI::App& app, const std::string& group) {
  return app.get_options([&](const CLI::Option* option) {
    return option->nonpositional() && option->get_group() == group;
  });
}

std::string group_of(const CLI::App& app, const std::string& group) {
  std::string out;
  for (const CLI::Option* option : options_of(app, group))
    out += entry(option->get_name(false, true) + value_of(*option), described(*option));
  return out.empty() ? out : "\n" + group + ":\n" + out;
}

std::string groups_of(const CLI::App& app) {
  std::vector<std::string> groups = app.get_groups();
  const auto general = std::ranges::find(groups, app.get_help_ptr()->get_group());
  if (general != groups.end()) std::rotate(general, general + 1, groups.end());
  std::string out;
  for (const std::string& group : groups) out += group_of(app, group);
  return out;
}

class HelpText : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const override {
    const auto commands = app->get_subcommands({});
    const auto positionals =
        app->get_options([](const CLI::Option* option) { return option->get_positional(); });
    std::string usage = "Usage: " + name + (commands.empty() ? " [OPTIONS]" : " COMMAND [OPTIONS]");
    std::string explained;
    for (const CLI::Option* option : positionals) {
      usage += " " + positional(*option);
      explained += entry(option->get_name(true), option->get_description());
    }
    std::string out = app->get_description() + "\n\n" + usage + "\n";
    if (!explained.empty()) out += "\n" + explained;
    if (!commands.empty()) out += "\nCommands:\n";
    for (const CLI::App* command : commands)
      out += entry(command->get_name(), command->get_description());
    out += groups_of(*app);
    return out + (app->get_footer().empty() ? "" : "\n" + app->get_footer() + "\n");
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<HelpText>(); }

}  // namespace plumb

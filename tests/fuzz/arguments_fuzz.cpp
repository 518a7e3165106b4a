// Arguments, one a line: understood, or answered with an exit code of the contract and a message.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/cli.hpp"
#include "src/cli_values.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty() && found.size() < 32) {
    const std::size_t end = text.find('\n');
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return found;
}

void values(std::string_view text) {
  if (const auto time = plumb::parse_duration(text))
    require(time->count() > 0 && *time <= std::chrono::hours(24 * 365));
  if (const auto rate = plumb::parse_rate(text)) require(*rate >= 0.001 && *rate <= 1e9);
  if (const auto resolver = plumb::parse_resolver(text))
    require(plumb::parse_resolver(resolver->to_string()) == resolver);
  if (const auto version = plumb::parse_replica_version(text)) require(*version == text);
  if (const auto mode = plumb::parse_tls_mode(text))
    require(plumb::parse_tls_mode(plumb::to_string(*mode)) == mode);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> arguments =
      lines({reinterpret_cast<const char*>(data), size < 2048 ? size : 2048});
  for (const std::string& argument : arguments) values(argument);
  const auto outcome = plumb::parse_command_line(arguments);
  if (const auto* answer = std::get_if<plumb::Answer>(&outcome)) {
    require(answer->exit_code == 0 || answer->exit_code == 2 || answer->exit_code == 3);
    require(answer->exit_code == 0 ? answer->err.empty() : answer->err.starts_with("plumb: "));
  }
  return 0;
}

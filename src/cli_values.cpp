#include "src/cli_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include "checks/session/version.hpp"
#include "probe/model/lowered.hpp"

namespace plumb {

using std::chrono::milliseconds;

std::optional<milliseconds> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits{
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  static constexpr std::int64_t kYear = 365LL * 86'400'000;

  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count <= 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, factor] : kUnits) {
    if (name != unit) continue;
    if (count > kYear / factor) return std::nullopt;
    return milliseconds(count * factor);
  }
  return std::nullopt;
}

std::optional<double> parse_rate(std::string_view text) {
  static constexpr double kLeast = 0.001, kMost = 1e9;
  if (text.ends_with("/s")) text.remove_suffix(2);
  double rate = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, rate, std::chars_format::fixed);
  const bool understood = error == std::errc{} && last == end;
  return understood && rate >= kLeast && rate <= kMost ? std::optional(rate) : std::nullopt;
}

std::optional<TlsMode> parse_tls_mode(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, TlsMode>, 6> kOtherNames{
      {{"disabled", TlsMode::off},
       {"none", TlsMode::off},
       {"preferred", TlsMode::preferred},
       {"required", TlsMode::required},
       {"verify_ca", TlsMode::verify_ca},
       {"verify_identity", TlsMode::verify_full}}};

  const std::string name = lowered(text);
  if (const auto ours = from_string<TlsMode>(name)) return ours;
  for (const auto& [other, mode] : kOtherNames)
    if (other == name) return mode;
  return std::nullopt;
}

std::optional<std::string> parse_replica_version(std::string_view text) {
  const auto version = session::parse_version(text);
  if (!version || session::to_string(*version) != text) return std::nullopt;
  return std::string(text);
}

std::optional<Endpoint> parse_resolver(std::string_view text) {
  if (const auto address = Address::parse(text)) return Endpoint{*address, 53};
  return Endpoint::parse(text);
}

}  // namespace plumb

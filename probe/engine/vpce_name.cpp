#include "probe/engine/vpce_name.hpp"

#include <regex>

namespace plumb::engine {
namespace {

constexpr std::string_view kZoneLetters = "abcdef";

const std::regex& pattern() {
  static const std::regex kPattern(
      R"((vpce-[0-9a-f]+-[a-z0-9]+)(-([a-z]{2}(?:-[a-z]+)+-\d[a-z]))?(\.vpce-svc-[0-9a-f]+\.([a-z0-9-]+)\.vpce\.amazonaws\.com))",
      std::regex::icase | std::regex::optimize);
  return kPattern;
}

}  // namespace

std::vector<std::string> VpceName::zonal() const {
  std::vector<std::string> names;
  const std::size_t dot = regional.find('.');
  for (const char letter : kZoneLetters)
    names.push_back(regional.substr(0, dot) + "-" + region + letter + regional.substr(dot));
  return names;
}

std::optional<VpceName> parse_vpce_name(std::string_view host) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  std::match_results<std::string_view::const_iterator> part;
  if (host.size() > 253 || !std::regex_match(host.begin(), host.end(), part, pattern()))
    return std::nullopt;
  return VpceName{part[1].str() + part[4].str(), part[5].str(), part[3].str()};
}

}  // namespace plumb::engine

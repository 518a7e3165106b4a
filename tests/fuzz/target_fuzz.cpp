// A target is either understood or refused with a message; what is understood reads back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probe/model/printable.hpp"
#include "probe/model/profile.hpp"
#include "probe/model/target.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
         c == ':';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const plumb::ParsedTarget parsed = plumb::parse_target(text);
  require(parsed.target.has_value() == parsed.error.message.empty());
  if (!parsed.target) {
    require(plumb::printable(parsed.error.message, 4096) == parsed.error.message);
    return 0;
  }
  const plumb::Target& target = *parsed.target;
  require(!target.host.empty() && target.host.front() != '-');
  for (const char c : target.host) require(is_host_character(c));
  require(plumb::printable(target.given, 4096) == target.given);
  require(plumb::printable(target.user, 4096) == target.user);
  const plumb::ParsedTarget again = plumb::parse_target(target.to_string());
  require(again.target && again.target->host == target.host && again.target->port == target.port);
  require(again.target->cleaned.empty());
  require(!plumb::profile_for_host(target.host).name.empty());
  return 0;
}

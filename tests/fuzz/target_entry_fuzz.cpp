// An entry of a list of targets is read whole or refused with a sentence; nothing of it reaches a
// terminal as it is, but the names of files, which are only opened.
// What is read without a YAML parser is what that says.
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probe/model/printable.hpp"
#include "src/simple_yaml.hpp"
#include "src/target_entry.hpp"

namespace {

void compare(std::string_view text) {
  const auto pairs = plumb::simple_pairs(text);
  if (!pairs) return;
  const YAML::Node list = YAML::Load(std::string(text));
  if (!list.IsSequence() || list.size() != 1) std::abort();
  if (list[0].IsScalar()) {
    if (pairs->size() != 1 || pairs->front().second != list[0].Scalar()) std::abort();
    return;
  }
  if (list[0].size() != pairs->size()) std::abort();
  auto said = pairs->begin();
  for (const auto& pair : list[0]) {
    if (said->first != pair.first.Scalar() || said->second != pair.second.Scalar()) std::abort();
    if (!pair.second.IsScalar()) std::abort();
    ++said;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  compare(text);
  for (const bool is_yaml : {false, true}) {
    const plumb::ParsedEntry parsed = plumb::parse_target_entry(text, is_yaml);
    if (parsed.entry.has_value() != parsed.error.empty()) std::abort();
    if (parsed.error.find('\x1b') != std::string::npos) std::abort();
    if (!parsed.entry) continue;
    const plumb::OwnOptions& own = parsed.entry->own;
    for (const std::string* shown : {&own.profile, &own.server_name, &own.user})
      if (*shown != plumb::printable(*shown, shown->size() + 1)) std::abort();
    for (const auto& [name, value] : parsed.entry->target.labels)
      if (!plumb::may_be_label(name) || value != plumb::printable(value)) std::abort();
  }
  return 0;
}

// Whatever decodes as a certificate is told in bounded, printable facts, with dates that parse
// back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"
#include "probe/model/rfc3339.hpp"
#include "probe/wire/certificate.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// An escaped text has nothing left to escape.
void require_printable(const std::string& text) {
  require(text.size() <= 300);
  require(plumb::printable(text, 400) == text);
}

void require_sane(const plumb::Facts& facts) {
  for (const auto& [name, value] : facts) {
    if (const auto* text = std::get_if<std::string>(&value)) require_printable(*text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      require(list->size() <= plumb::wire::kMaxSans);
      for (const std::string& text : *list) require_printable(text);
    }
    if (const auto* rows = std::get_if<std::vector<plumb::Facts>>(&value))
      for (const plumb::Facts& row : *rows) require_sane(row);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts = plumb::wire::describe_certificate({data, size});
  if (!facts) return 0;
  require_sane(*facts);
  if (const auto* end = facts->get(plumb::key::tls_not_after))
    require(plumb::parse_rfc3339(*end).has_value());
  return 0;
}

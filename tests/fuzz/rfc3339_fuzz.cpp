// What parses is spelt and parsed again to the same second.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "probe/model/rfc3339.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto time = plumb::parse_rfc3339(text);
  if (!time) return 0;
  const auto again = plumb::parse_rfc3339(plumb::rfc3339(*time));
  const bool edge = *time == plumb::WallTime::min() || *time == plumb::WallTime::max();
  if (!again || (!edge && *again != std::chrono::floor<std::chrono::seconds>(*time))) std::abort();
  return 0;
}

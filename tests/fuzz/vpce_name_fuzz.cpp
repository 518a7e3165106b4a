// A host is the name of an AWS endpoint or it is not; one that is leads to names that are as well,
// each of the same endpoint.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "probe/engine/vpce_name.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view host(reinterpret_cast<const char*>(data), size);
  const auto name = plumb::engine::parse_vpce_name(host);
  if (!name) return 0;
  require(host.find(name->regional.substr(0, name->regional.find('.'))) == 0);
  for (const std::string& zonal : name->zonal()) {
    const auto again = plumb::engine::parse_vpce_name(zonal);
    // A region that is no region's shape has no zonal names.
    if (again && !again->zone.empty()) require(again->regional == name->regional);
  }
  return 0;
}

#include "src/output/timestamp.hpp"

#include <fmt/format.h>

#include <chrono>

#include "probe/model/rfc3339.hpp"

namespace plumb::output {

std::string timestamp(WallTime at, int digits) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto micros = std::chrono::duration_cast<Micros>(at - whole).count();
  std::string out = rfc3339(whole);
  out.back() = '.';
  return out + fmt::format("{:06}", micros).substr(0, static_cast<std::size_t>(digits)) + "Z";
}

}  // namespace plumb::output

#include "probe/net/small_file.hpp"

#include <array>
#include <fstream>

namespace plumb::net {
namespace {

constexpr std::size_t kMaxFile = 1024 * 1024;

}  // namespace

std::optional<std::string> read_small_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 4096> part;
  while (text.size() < kMaxFile && file) {
    file.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return std::nullopt;
  return text;
}

}  // namespace plumb::net

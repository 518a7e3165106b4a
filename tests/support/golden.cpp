#include "tests/support/golden.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace plumb::test {

std::string differs_from_golden(std::string_view name, std::string_view text) {
  const std::string path = std::string(PLUMB_SOURCE_DIR) + "/tests/golden/" + std::string(name);
  if (std::getenv("PLUMB_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  if (!file) return "no golden file " + path + "; PLUMB_UPDATE_GOLDEN=1 writes it";
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  return golden == text ? "" : path + " is different; got:\n" + std::string(text);
}

}  // namespace plumb::test

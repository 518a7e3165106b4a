// Feeds each file of the given folders to the fuzz target it is linked with: the corpus as a plain
// regression test, for compilers without libFuzzer. Fails when there is nothing to feed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> inputs(const fs::path& given) {
  if (!fs::is_directory(given)) return {given};
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(given))
    if (entry.is_regular_file()) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

bool feed(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>()};
  // A copy of exactly its size, so that a sanitizer sees a read past the end.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  std::cerr << path.filename().string() << '\n';  // the last line before a crash names the input
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t fed = 0;
  for (int i = 1; i < argc; ++i) {
    for (const fs::path& path : inputs(argv[i])) {
      if (!feed(path)) {
        std::cerr << path.string() << ": cannot be read\n";
        return 1;
      }
      ++fed;
    }
  }
  std::cout << fed << " inputs\n";
  return fed == 0 ? 1 : 0;
}

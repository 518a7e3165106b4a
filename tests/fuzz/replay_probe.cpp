// A target that finds a fault in every input: shows that the replay fails when a target does.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t size) {
  if (size > 0) std::exit(1);
  return 0;
}

// Whatever parse_evidence() accepts is written and read back as the same case, and every format can
// print it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/evidence_file.hpp"
#include "src/output/registry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const plumb::ParsedEvidence first = plumb::parse_evidence(text);
  if (!first.about) return first.error.empty() ? std::abort(), 0 : 0;
  const std::string line = plumb::write_evidence(*first.about);
  const plumb::ParsedEvidence second = plumb::parse_evidence(line);
  if (!second.about || plumb::write_evidence(*second.about) != line) std::abort();
  const plumb::Report report{*first.about, {}};
  for (const plumb::output::Renderer* format : plumb::output::renderers())
    if (plumb::output::render(*format, {&report, 1}, {}).find('\x1b') != std::string::npos)
      std::abort();
  return 0;
}

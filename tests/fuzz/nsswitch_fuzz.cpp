// Any nsswitch.conf: never without a source, names without blanks and brackets.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "probe/wire/bytes.hpp"
#include "probe/wire/name_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb::wire;
  const Nsswitch nsswitch = parse_nsswitch(as_text({data, size}));
  if (nsswitch.hosts.empty()) std::abort();
  for (const NssSource& source : nsswitch.hosts)
    if (source.name.empty() || source.name.find_first_of(" \t\r\n#[") != std::string::npos)
      std::abort();
  return 0;
}

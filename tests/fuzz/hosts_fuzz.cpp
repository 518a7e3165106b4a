// Any hosts file: every entry is found under each of its names, lines only grow.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "probe/wire/bytes.hpp"
#include "probe/wire/name_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb::wire;
  const Hosts hosts = parse_hosts(as_text({data, size}));
  int line = 0;
  for (std::size_t i = 0; i < hosts.entries.size(); ++i) {
    const HostsEntry& entry = hosts.entries[i];
    if (entry.line <= line || entry.names.empty()) std::abort();
    line = entry.line;
    if (i >= 16) continue;  // lookup is linear: enough of them
    for (std::size_t k = 0; k < std::min<std::size_t>(entry.names.size(), 16); ++k) {
      const auto found = hosts.lookup(entry.names[k]);
      if (std::find(found.begin(), found.end(), &entry) == found.end()) std::abort();
    }
  }
  return 0;
}

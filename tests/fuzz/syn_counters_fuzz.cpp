// Any /proc/net/netstat: counters are never negative, and what was read reads the same when it is
// written down.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "probe/net/locality.hpp"
#include "probe/wire/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb;
  const auto counters = net::parse_syn_counters(wire::as_text({data, size}));
  if (!counters) return 0;
  if (counters->resent < 0 || counters->unsent < 0) std::abort();
  const std::string text =
      "TcpExt: TCPRetransFail TCPSynRetrans\nTcpExt: " + std::to_string(counters->unsent) + " " +
      std::to_string(counters->resent) + "\n";
  const auto again = net::parse_syn_counters(text);
  if (!again || again->resent != counters->resent || again->unsent != counters->unsent)
    std::abort();
  return 0;
}

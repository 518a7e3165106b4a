// Packets of real servers, as they came: tests/support/real_packets.txt, which
// `./dev lab conformance --record` makes. A line is server and version|what was done|sequence|payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probe/wire/bytes.hpp"

namespace plumb::test {

struct RealPacket {
  std::string server, what;
  std::uint8_t sequence = 0;
  wire::Bytes payload;

  wire::Bytes bytes() const;  // with its header
};

const std::vector<RealPacket>& real_packets();

// What the server whose name begins like this answered; empty if it was never asked.
std::vector<RealPacket> real_packets(std::string_view server, std::string_view what);

}  // namespace plumb::test

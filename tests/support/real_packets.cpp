#include "tests/support/real_packets.hpp"

#include <fstream>
#include <sstream>

#include "tests/support/mysql_frames.hpp"

namespace plumb::test {
namespace {

wire::Bytes from_hex(std::string_view digits) {
  wire::Bytes bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  return bytes;
}

std::vector<RealPacket> read_all() {
  std::ifstream file(PLUMB_SOURCE_DIR "/tests/support/real_packets.txt");
  std::vector<RealPacket> packets;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    RealPacket packet;
    std::string sequence, payload;
    std::getline(fields, packet.server, '|');
    std::getline(fields, packet.what, '|');
    std::getline(fields, sequence, '|');
    std::getline(fields, payload, '|');
    packet.sequence = static_cast<std::uint8_t>(std::stoi(sequence));
    packet.payload = from_hex(payload);
    packets.push_back(std::move(packet));
  }
  return packets;
}

}  // namespace

wire::Bytes RealPacket::bytes() const { return mysql_packet(sequence, payload); }

const std::vector<RealPacket>& real_packets() {
  static const std::vector<RealPacket> all = read_all();
  return all;
}

std::vector<RealPacket> real_packets(std::string_view server, std::string_view what) {
  std::vector<RealPacket> chosen;
  for (const RealPacket& packet : real_packets())
    if (packet.server.starts_with(server) && packet.what == what) chosen.push_back(packet);
  return chosen;
}

}  // namespace plumb::test

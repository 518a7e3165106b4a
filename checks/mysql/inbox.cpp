#include "checks/mysql/inbox.hpp"

namespace plumb::mysql {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::size_t kMaxPackets = 64;

}  // namespace

std::optional<Packet> Inbox::take() {
  wire::Reader in(buffer_);
  const std::size_t length = in.u24le();
  const std::uint8_t sequence = in.u8();
  if (!in.ok() || flooded_) return std::nullopt;
  if (length > kMaxPayload || taken_bytes_ + length > kMaxBytes || taken_packets_ == kMaxPackets) {
    flooded_ = true;
    return std::nullopt;
  }
  const wire::View payload = in.take(length);
  if (!in.ok()) return std::nullopt;
  Packet packet{sequence, {payload.begin(), payload.end()}};
  buffer_.erase(buffer_.begin(),
                buffer_.begin() + static_cast<std::ptrdiff_t>(kHeaderSize + length));
  taken_bytes_ += kHeaderSize + length;
  ++taken_packets_;
  return packet;
}

}  // namespace plumb::mysql

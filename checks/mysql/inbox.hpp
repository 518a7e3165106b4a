// Bytes in, packets out. Bounded against a server that floods: a payload above 64 KiB, or more than
// 64 KiB or 64 packets in all before the login is answered, is no MySQL login any more.
//
// What counts is what was taken as packets, never what happens to lie in the buffer: so the verdict
// does not depend on how the network cut the bytes.
#pragma once

#include <cstddef>
#include <optional>

#include "checks/mysql/packet.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::mysql {

class Inbox {
 public:
  void append(wire::View bytes) { buffer_.insert(buffer_.end(), bytes.begin(), bytes.end()); }
  void clear() { buffer_.clear(); }
  wire::View bytes() const { return buffer_; }

  // The next packet; nothing while it is incomplete, or once flooded().
  std::optional<Packet> take();
  bool flooded() const { return flooded_; }

 private:
  wire::Bytes buffer_;
  std::size_t taken_bytes_ = 0;
  std::size_t taken_packets_ = 0;
  bool flooded_ = false;
};

}  // namespace plumb::mysql

// Listening on every address of 127/8 at once, and on no other: a socket of the wildcard address, bound to
// the device lo. One descriptor stands for ten thousand servers, and nothing is reachable from outside.
#pragma once

#include <cstdint>

namespace plumb::bench {

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_;
};

// Not blocking, a port of the kernel's choice. Throws std::system_error.
Descriptor listen_on_loopback(int backlog);
std::uint16_t port_of(const Descriptor& socket);

// UDP on 127.0.0.1.
Descriptor datagrams_on_loopback();

// A port that says nothing to a SYN, as behind a closed security group: the listener's backlog is full and
// nobody accepts, so the kernel drops what comes (tcp_abort_on_overflow is 0). The backlog belongs to the
// socket, not to the address: one connection fills it for all of 127/8.
class SilentPort {
 public:
  SilentPort();
  std::uint16_t port() const { return port_of(listener_); }

 private:
  Descriptor listener_;
  Descriptor filler_;
};

}  // namespace plumb::bench

// A name server for tests: UDP and TCP on one port of 127.0.0.1 that the kernel chose, one thread,
// and a behaviour that turns each question into the datagrams (or TCP messages) it sends back.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::test {

struct DnsAsked {
  wire::Bytes bytes;
  bool tcp = false;
  int nth = 0;  // 1, 2, … over both transports
};
using DnsBehaviour = std::function<std::vector<wire::Bytes>(const DnsAsked&)>;

// The question section of a query, without what follows it.
inline wire::Bytes question_of(const wire::Bytes& query) {
  std::size_t end = 12;
  while (end < query.size() && query[end] != 0) end += 1u + query[end];
  return {query.begin() + 12, query.begin() + static_cast<std::ptrdiff_t>(end) + 5};
}

// A response to `query` with `rcode` and one A record per number, 10.0.0.<number>.
inline wire::Bytes response_to(const wire::Bytes& query, unsigned rcode,
                               const std::vector<unsigned>& hosts = {}, bool truncated = false) {
  wire::Writer out;
  out.raw(wire::View(query).first(2)).u16be(0x8180u | rcode | (truncated ? 0x0200u : 0u));
  out.u16be(1).u16be(static_cast<unsigned>(hosts.size())).u16be(0).u16be(0).raw(question_of(query));
  for (const unsigned host : hosts)
    out.u16be(0xc00c).u16be(1).u16be(1).u32be(60).u16be(4).u8(10).u8(0).u8(host >> 8).u8(host &
                                                                                         0xff);
  return out.take();
}

class DnsServer {
 public:
  explicit DnsServer(DnsBehaviour behaviour) : behaviour_(std::move(behaviour)) {
    for (int i = 0; i < 50 && !open(); ++i) {  // the TCP port of that number may be taken
      ::close(udp_);
      ::close(listener_);
    }
    stop_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { serve(); });
  }
  // Ends it: what the behaviour wrote may be read from now on.
  void end() {
    const std::uint64_t one = 1;
    if (thread_.joinable() && ::write(stop_, &one, sizeof one) == sizeof one) thread_.join();
  }
  ~DnsServer() {
    end();
    for (const int fd : {udp_, listener_, stop_}) ::close(fd);
  }
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  Endpoint endpoint() const { return {Address::v4({127, 0, 0, 1}), port_}; }
  int asked() const { return asked_; }
  std::set<std::pair<std::string, int>> udp_peers() {
    const std::lock_guard lock(mutex_);
    return peers_;
  }

 private:
  bool open() {
    udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(udp_, address, size) != 0 || ::getsockname(udp_, address, &size) != 0) return false;
    port_ = ntohs(at.sin_port);
    return ::bind(listener_, address, size) == 0 && ::listen(listener_, 16) == 0;
  }
  void serve() {
    std::array<pollfd, 3> wait{{{stop_, POLLIN, 0}, {udp_, POLLIN, 0}, {listener_, POLLIN, 0}}};
    while (::poll(wait.data(), wait.size(), -1) > 0 && wait[0].revents == 0) {
      if (wait[1].revents != 0) serve_udp();
      if (wait[2].revents != 0) serve_tcp();
    }
  }
  void serve_udp() {
    std::array<std::uint8_t, 2048> buffer{};
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const auto count = ::recvfrom(udp_, buffer.data(), buffer.size(), 0,
                                  reinterpret_cast<sockaddr*>(&peer), &size);
    if (count < 17) return;
    {
      const std::lock_guard lock(mutex_);
      peers_.emplace(::inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
    }
    for (const auto& answer :
         behaviour_({{buffer.begin(), buffer.begin() + count}, false, ++asked_}))
      ::sendto(udp_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
  }
  void serve_tcp() {  // one question per connection; a behaviour that gives nothing closes it
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    std::array<std::uint8_t, 2048> buffer{};
    std::size_t have = 0;
    while (have < 2 || have < 2u + (buffer[0] << 8 | buffer[1])) {
      const auto count = ::recv(fd, buffer.data() + have, buffer.size() - have, 0);
      if (count <= 0) break;
      have += static_cast<std::size_t>(count);
    }
    if (have > 2) {
      for (const auto& answer :
           behaviour_({{buffer.begin() + 2, buffer.begin() + static_cast<std::ptrdiff_t>(have)},
                       true,
                       ++asked_})) {
        wire::Writer framed;
        framed.u16be(static_cast<unsigned>(answer.size())).raw(answer);
        const auto bytes = framed.take();
        ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      }
    }
    ::close(fd);
  }

  DnsBehaviour behaviour_;
  int udp_ = -1, listener_ = -1, stop_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> asked_{0};
  std::mutex mutex_;
  std::set<std::pair<std::string, int>> peers_;
  std::thread thread_;
};

}  // namespace plumb::test

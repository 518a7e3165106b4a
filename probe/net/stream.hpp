// Exchange × socket × TLS × deadline: the driver of every conversation, and the only code that
// moves bytes.
//
// It waits for readability and reads into a buffer that all connections of a thread share, so a
// stalled connection holds no buffer. TLS is an engine over memory beside the socket: verification
// is recorded, never used to break off. At the deadline the exchange is told Broken{timed_out} and
// asked no more.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "probe/net/asio.hpp"
#include "probe/net/deadline.hpp"
#include "probe/net/tcp_socket.hpp"
#include "probe/wire/exchange.hpp"
#include "probe/wire/tls_engine.hpp"

namespace plumb::net {

class Stream {
 public:
  using MakeTls = std::function<wire::MadeTlsContext()>;  // asked when a handshake begins

  Stream(TcpSocket& socket, Watch& watch, std::span<std::uint8_t> buffer, std::string server_name,
         MakeTls tls)
      : socket_(socket),
        watch_(watch),
        buffer_(buffer),
        server_name_(std::move(server_name)),
        make_tls_(std::move(tls)) {}

  // To the exchange's Finish.
  awaitable<void> drive(wire::Exchange& exchange);

 private:
  struct Chunk {  // bytes of `buffer_`, or why there are none
    std::size_t size = 0;
    std::optional<wire::Broken> broken;
  };
  awaitable<wire::Event> perform(wire::Action action);
  awaitable<error_code> ready(TcpSocket::What what);
  error_code look(std::size_t& read);  // at what has come
  awaitable<Chunk> read_some();
  awaitable<std::optional<wire::Broken>> write_all(wire::Bytes bytes, int flags = 0);
  awaitable<std::optional<wire::Broken>> flush_tls(int flags = 0);
  awaitable<wire::Event> receive();
  awaitable<wire::Event> receive_tls();
  awaitable<wire::Event> send(wire::Bytes bytes);
  awaitable<wire::Event> shake_hands();
  awaitable<std::optional<wire::Broken>> exchange_flights();
  awaitable<wire::Event> close_write();
  bool put_off(const std::optional<wire::Broken>& end);
  wire::Broken broken(const error_code& error) const;

  TcpSocket& socket_;
  Watch& watch_;
  std::span<std::uint8_t> buffer_;
  std::string server_name_;
  MakeTls make_tls_;
  std::unique_ptr<wire::TlsEngine> tls_;
  std::optional<wire::Broken> reset_;  // met while writing, told when nothing is left to read
  wire::Bytes undelivered_;            // read, but more than the TLS engine took at once
  wire::Bytes plain_;                  // what a Received event of a TLS connection points to
};

}  // namespace plumb::net

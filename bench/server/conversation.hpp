// One connection of the server's: greeting, SSLRequest, TLS, login, and ERR 1045 to whoever it is.
//
//   mysql        greeting ► (SSLRequest ► TLS ►) login ► ERR 1045 ► close our side ► until the peer closes
//   tls          TLS first, then what comes is read until the peer closes: blackbox_exporter's TLS probe
//   stalled      accepted, and never a word
//   stalled_tls  greeting ► SSLRequest ► never a word again
//
// It speaks as MySQL 8.0 does, to clients of ours on loopback: everything written fits the socket's buffer.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "bench/server/listen.hpp"
#include "probe/wire/certificate_handle.hpp"

namespace plumb::bench {

enum class Manner { mysql, tls, stalled, stalled_tls };

struct Counts {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // logins read to their end and answered
  std::uint64_t dropped =
      0;  // closed by the peer before that: MySQL would count it against the host
  std::uint64_t questions = 0;
};

class Conversation {
 public:
  Conversation(Descriptor socket, Manner manner, SSL_CTX* context, Counts& counts);
  // After each time that the socket was readable; false: it is over.
  bool go_on();

 private:
  enum class Step { packet, stalled, handshake, leaving, over };
  Step read_packet();
  Step shake_hands();
  Step refuse();
  Step leave();
  Step lost();
  // Into the packet, up to `size` bytes of it. False: nothing more for now, or the end (see ended_).
  bool fill(std::size_t size);

  Descriptor socket_;
  Manner manner_;
  SSL_CTX* context_;
  Counts& counts_;
  Step step_ = Step::packet;
  wire::SslHandle ssl_;
  bool ended_ = false;
  std::size_t have_ = 0;
  std::array<unsigned char, 512> packet_{};
};

}  // namespace plumb::bench

#include "bench/server/conversation.hpp"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace plumb::bench {
namespace {

using namespace std::literals;

constexpr std::size_t kHeader = 4;
constexpr std::size_t kSslRequest = kHeader + 32;

// Laid out as MySQL 8.0's: protocol 10, thread 42, its capabilities, utf8mb4, 21 bytes of nonce,
// caching_sha2_password. Every connection gets the same nonce: nobody proves anything here.
constexpr std::string_view kGreeting =
    "\x4a\x00\x00\x00\x0a"
    "8.0.36\0\x2a\x00\x00\x00"
    "abcdefgh\0\xff\xff\xff\x02\x00\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0"
    "ijklmnopqrst\0"
    "caching_sha2_password\0"sv;
static_assert(kGreeting.size() == kHeader + 0x4a);

constexpr std::string_view kRefusal =
    "\x4e\x00\x00\x00\xff\x15\x04#28000Access denied for user 'plumb_probe'@'localhost' (using password: NO)"sv;
static_assert(kRefusal.size() == kHeader + 0x4e);

}  // namespace

Conversation::Conversation(Descriptor socket, Manner manner, SSL_CTX* context, Counts& counts)
    : socket_(std::move(socket)), manner_(manner), context_(context), counts_(counts) {
  ++counts_.accepted;
  if (manner_ == Manner::stalled) step_ = Step::stalled;
  if (manner_ == Manner::tls) step_ = Step::handshake;
  if (manner_ == Manner::mysql || manner_ == Manner::stalled_tls)
    send(socket_.get(), kGreeting.data(), kGreeting.size(), MSG_NOSIGNAL);
}

bool Conversation::go_on() {
  Step before;
  do {
    before = step_;
    if (step_ == Step::packet)
      step_ = read_packet();
    else if (step_ == Step::handshake)
      step_ = shake_hands();
    else
      step_ = leave();
  } while (step_ != before && (step_ == Step::packet || step_ == Step::handshake));
  return step_ != Step::over;
}

bool Conversation::fill(std::size_t size) {
  while (have_ < size) {
    std::size_t got = 0;
    if (ssl_) {
      if (SSL_read_ex(ssl_.get(), packet_.data() + have_, size - have_, &got) != 1) {
        ended_ = SSL_get_error(ssl_.get(), 0) != SSL_ERROR_WANT_READ;
        return false;
      }
    } else {
      const ssize_t count = recv(socket_.get(), packet_.data() + have_, size - have_, 0);
      ended_ = count == 0 || (count < 0 && errno != EAGAIN);
      if (count <= 0) return false;
      got = static_cast<std::size_t>(count);
    }
    have_ += got;
  }
  return true;
}

// Not a byte beyond an SSLRequest is read: what follows it is the client's first TLS record.
Conversation::Step Conversation::read_packet() {
  if (!fill(kSslRequest)) return ended_ ? lost() : Step::packet;
  const std::size_t size =
      kHeader + packet_[0] + (std::size_t{packet_[1]} << 8) + (std::size_t{packet_[2]} << 16);
  if (size > packet_.size()) return lost();
  if (size == kSslRequest && !ssl_)
    return manner_ == Manner::mysql ? Step::handshake : Step::stalled;
  if (!fill(size)) return ended_ ? lost() : Step::packet;
  return refuse();
}

Conversation::Step Conversation::shake_hands() {
  if (!ssl_) {
    have_ = 0;
    ssl_.reset(SSL_new(context_));
    SSL_set_fd(ssl_.get(), socket_.get());
    SSL_set_accept_state(ssl_.get());
  }
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return manner_ == Manner::mysql ? Step::packet : Step::leaving;
  return SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ ? Step::handshake : lost();
}

Conversation::Step Conversation::refuse() {
  ++counts_.refused;
  std::array<char, kRefusal.size()> out{};
  kRefusal.copy(out.data(), out.size());
  out[3] = static_cast<char>(packet_[3] + 1);
  if (ssl_) {
    SSL_write(ssl_.get(), out.data(), static_cast<int>(out.size()));
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  } else {
    send(socket_.get(), out.data(), out.size(), MSG_NOSIGNAL);
  }
  shutdown(socket_.get(), SHUT_WR);
  return Step::leaving;
}

Conversation::Step Conversation::leave() {
  for (;;) {
    const ssize_t count = recv(socket_.get(), packet_.data(), packet_.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return Step::over;
    if (count < 0) return step_;
  }
}

Conversation::Step Conversation::lost() {
  ++counts_.dropped;
  return Step::over;
}

}  // namespace plumb::bench

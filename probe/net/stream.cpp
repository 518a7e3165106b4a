#include "probe/net/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/net/classify.hpp"
#include "probe/net/tcp_connect.hpp"

namespace plumb::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

// How long a peer may take to close after we have said goodbye. Nothing depends on its answer.
constexpr milliseconds kFarewell{500};

wire::TlsReport no_context(const std::string& error) {
  wire::TlsReport report;
  report.failure = Failure::local_limit;
  report.raw = error;
  return report;
}

}  // namespace

awaitable<void> Stream::drive(wire::Exchange& exchange) {
  const auto began = Clock::now();
  wire::Event event = wire::Started{};
  for (;;) {
    const auto at = duration_cast<Micros>(Clock::now() - began);
    wire::Action action = exchange.next(event, at);
    if (std::holds_alternative<wire::Finish>(action)) {
      if (tls_) co_await flush_tls();
      co_return;
    }
    if (watch_.due())
      event = broken(asio::error::operation_aborted);
    else
      event = co_await perform(std::move(action));
  }
}

awaitable<wire::Event> Stream::perform(wire::Action action) {
  if (auto* bytes = std::get_if<wire::Send>(&action)) return send(std::move(bytes->bytes));
  if (std::holds_alternative<wire::StartTls>(action)) return shake_hands();
  if (std::holds_alternative<wire::CloseWrite>(action)) return close_write();
  return tls_ ? receive_tls() : receive();
}

wire::Broken Stream::broken(const error_code& error) const {
  wire::Broken end;
  if (error == asio::error::operation_aborted) {
    end.failure = watch_.stopped() ? Failure::cancelled : Failure::timed_out;
    if (!watch_.stopped()) end.facts = describe_stall(socket_);
  } else if (error == asio::error::eof) {
    end.failure = Failure::eof;
  } else {
    end.failure = classify_errno(error.value());
    end.raw = errno_name(error.value());
  }
  return end;
}

// A reset met while writing: what the peer said before it, an ERR packet or an alert, still waits to
// be read and is the better news. The kernel tells the reset once only, so it is kept for the end.
bool Stream::put_off(const std::optional<wire::Broken>& end) {
  if (!end || end->failure != Failure::reset) return false;
  if (!reset_) reset_ = end;
  return true;
}

awaitable<error_code> Stream::ready(TcpSocket::What what) {
  error_code error = asio::error::operation_aborted;
  // A deadline that passed since the last wait has cancelled nothing of the next one.
  if (!watch_.due()) error = co_await socket_.wait(what);
  co_return error;
}

error_code Stream::look(std::size_t& read) {
  const ssize_t size = ::recv(socket_.fd(), buffer_.data(), buffer_.size(), 0);
  if (size < 0) return system_error(errno);
  if (size == 0) return asio::error::eof;
  read = static_cast<std::size_t>(size);
  if (read == buffer_.size()) socket_.read_on();
  return {};
}

awaitable<Stream::Chunk> Stream::read_some() {
  Chunk chunk;
  error_code error = asio::error::would_block;
  while (error == asio::error::would_block) {
    error = co_await ready(TcpSocket::What::read);
    if (!error) error = look(chunk.size);
  }
  if (error) chunk.broken = reset_ ? *reset_ : broken(error);
  co_return chunk;
}

awaitable<std::optional<wire::Broken>> Stream::write_all(wire::Bytes bytes, int flags) {
  std::optional<wire::Broken> end;
  std::size_t written = 0;
  while (written < bytes.size()) {
    error_code error;
    const ssize_t sent =
        ::send(socket_.fd(), bytes.data() + written, bytes.size() - written, flags | MSG_NOSIGNAL);
    if (sent >= 0)
      written += static_cast<std::size_t>(sent);
    else
      error = system_error(errno);
    if (error == asio::error::would_block) {
      error = co_await ready(TcpSocket::What::write);
    }
    if (error) {
      end = broken(error);
      co_return end;
    }
  }
  co_return end;
}

awaitable<std::optional<wire::Broken>> Stream::flush_tls(int flags) {
  return write_all(tls_->drain(), flags);
}

awaitable<wire::Event> Stream::send(wire::Bytes bytes) {
  if (tls_) {
    tls_->encrypt(bytes);
    bytes = tls_->drain();
  }
  std::optional<wire::Broken> end = co_await write_all(std::move(bytes));
  if (end && !put_off(end)) co_return wire::Event(std::move(*end));
  co_return wire::Event(wire::Sent{});
}

awaitable<wire::Event> Stream::receive() {
  Chunk chunk = co_await read_some();
  if (chunk.broken) co_return wire::Event(std::move(*chunk.broken));
  co_return wire::Event(wire::Received{wire::View(buffer_.data(), chunk.size)});
}

awaitable<wire::Event> Stream::receive_tls() {
  std::optional<wire::Broken> end = co_await flush_tls();
  if (end && !put_off(end)) co_return wire::Event(std::move(*end));
  for (;;) {
    wire::TlsEngine::Decrypted opened = tls_->decrypt();
    if (!opened.plain.empty()) {
      plain_ = std::move(opened.plain);
      co_return wire::Event(wire::Received{plain_});
    }
    if (opened.failure)
      co_return wire::Event(wire::Broken{*opened.failure, opened.raw, opened.facts});
    if (opened.closed) co_return wire::Event(wire::Broken{Failure::eof, {}, {}});
    if (watch_.due()) co_return wire::Event(broken(asio::error::operation_aborted));
    if (undelivered_.empty()) {
      Chunk chunk = co_await read_some();
      if (chunk.broken) co_return wire::Event(std::move(*chunk.broken));
      undelivered_.assign(buffer_.begin(),
                          buffer_.begin() + static_cast<std::ptrdiff_t>(chunk.size));
    }
    const std::size_t taken = tls_->feed(undelivered_);
    undelivered_.erase(undelivered_.begin(),
                       undelivered_.begin() + static_cast<std::ptrdiff_t>(taken));
  }
}

// Flights back and forth until the handshake is done or failed (nothing), or the connection ends
// before. Our last flight waits for what the exchange says next, and leaves with it.
awaitable<std::optional<wire::Broken>> Stream::exchange_flights() {
  std::optional<wire::Broken> end;
  for (;;) {
    const wire::TlsStep step = tls_->handshake();
    if (step == wire::TlsStep::done) co_return end;
    end = co_await flush_tls();
    if (step == wire::TlsStep::failed) {
      // It has its own reason; that our alert could not be delivered adds nothing.
      end.reset();
      co_return end;
    }
    if (put_off(end)) end.reset();
    if (!end && watch_.due()) end = broken(asio::error::operation_aborted);
    if (end) co_return end;
    Chunk chunk = co_await read_some();
    if (chunk.broken) co_return chunk.broken;
    tls_->feed(wire::View(buffer_.data(), chunk.size));
  }
}

awaitable<wire::Event> Stream::shake_hands() {
  const auto began = Clock::now();
  wire::TlsEnded ended;
  const wire::MadeTlsContext made = make_tls_();
  if (!made.context) {
    ended.report = no_context(made.error);
    co_return wire::Event(std::move(ended));
  }
  // From here on two flights of ours may follow each other without an answer between them.
  const int on = 1;
  setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  tls_ = std::make_unique<wire::TlsEngine>(made.context, server_name_,
                                           std::chrono::system_clock::now());
  std::optional<wire::Broken> end = co_await exchange_flights();
  ended.report = end ? tls_->broken(end->failure, end->raw) : tls_->report();
  if (end) ended.report.facts.merge(end->facts);
  ended.report.facts.set(key::tls_handshake_ms, in_ms(duration_cast<Micros>(Clock::now() - began)));
  co_return wire::Event(std::move(ended));
}

awaitable<wire::Event> Stream::close_write() {
  watch_.shorten(Clock::now() + kFarewell);
  if (tls_) {
    tls_->close_notify();
    // With the FIN that follows, in one segment.
    std::optional<wire::Broken> end = co_await flush_tls(MSG_MORE);
    if (end) co_return wire::Event(std::move(*end));
  }
  ::shutdown(socket_.fd(), SHUT_WR);
  co_return wire::Event(wire::WriteClosed{});
}

}  // namespace plumb::net

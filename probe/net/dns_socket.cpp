#include "probe/net/dns_socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "probe/net/socket_address.hpp"

namespace plumb::net {

struct DatagramBatch {
  static constexpr std::size_t kCount = 16;
  static constexpr std::size_t kSize = 4096;  // more than EDNS lets anybody send us
  std::array<std::array<std::uint8_t, kSize>, kCount> buffers;
  std::array<iovec, kCount> parts;
  std::array<mmsghdr, kCount> messages;
};

namespace {

// The kernel's usual 208 KiB hold some 250 answers.
constexpr int kReceiveBuffer = 4 * 1024 * 1024;
constexpr std::size_t kMostAtOnce = 32;  // sent in one call

bool is_transient(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ENOBUFS;
}

}  // namespace

std::shared_ptr<DatagramBatch> DnsSocket::make_batch() {
  auto batch = std::make_shared<DatagramBatch>();
  for (std::size_t i = 0; i < DatagramBatch::kCount; ++i) {
    batch->parts[i] = {batch->buffers[i].data(), DatagramBatch::kSize};
    batch->messages[i] = {};
    batch->messages[i].msg_hdr.msg_iov = &batch->parts[i];
    batch->messages[i].msg_hdr.msg_iovlen = 1;
  }
  return batch;
}

DnsSocket::DnsSocket(Executor executor, const Endpoint& resolver,
                     const std::optional<Address>& source, std::shared_ptr<DatagramBatch> batch)
    : descriptor_(std::move(executor)), batch_(std::move(batch)) {
  const int fd = open(resolver, source);
  if (fd < 0) return;
  error_code failed;
  descriptor_.assign(fd, failed);
  if (!failed) return;
  error_ = failed.value();
  ::close(fd);
}

DnsSocket::~DnsSocket() = default;

int DnsSocket::open(const Endpoint& resolver, const std::optional<Address>& source) {
  const int family = resolver.address.is_v4() ? AF_INET : AF_INET6;
  const int fd = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const SocketAddress to(resolver);
  bool ready = fd >= 0;
  if (ready && source && source->is_v4() == resolver.address.is_v4()) {
    const SocketAddress from({*source, 0});
    ready = ::bind(fd, from.data(), from.size()) == 0;
  }
  ready = ready && ::connect(fd, to.data(), to.size()) == 0;
  if (ready) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    return fd;
  }
  error_ = errno;
  if (fd >= 0) ::close(fd);
  return -1;
}

std::optional<std::uint16_t> DnsSocket::send(Asker& asker, const DnsQuestion& question, bool edns,
                                             RandomIds& ids) {
  std::uint16_t id = ids.next();
  while (used_[id]) id = ids.next();
  const std::size_t before = outgoing_.size();
  if (!wire::append_dns_query(outgoing_, question.name, question.type, id, edns))
    return std::nullopt;
  used_[id] = true;
  ++tries_;
  under_way_.emplace(id, &asker);
  send_soon(outgoing_.size() - before);
  if (error_ == 0 && !std::exchange(waiting_, true)) wait_for_datagrams();
  return id;
}

void DnsSocket::send_soon(std::size_t length) {
  lengths_.push_back(length);
  if (lengths_.size() > 1) return;
  asio::post(descriptor_.get_executor(), [weak = weak_from_this()] {
    if (const auto socket = weak.lock()) socket->send_all();
  });
}

// A datagram that does not fit into the kernel is lost like one on the way; a later try repeats it.
// A call ends before the datagram that met an error, and the next one begins with it.
void DnsSocket::send_all() {
  std::array<iovec, kMostAtOnce> parts;
  std::array<mmsghdr, kMostAtOnce> messages;
  std::size_t at = 0;
  for (std::size_t done = 0; error_ == 0 && done < lengths_.size();) {
    const std::size_t count = std::min(lengths_.size() - done, kMostAtOnce);
    for (std::size_t i = 0, from = at; i < count; from += lengths_[done + i++]) {
      parts[i] = {&outgoing_[from], lengths_[done + i]};
      messages[i] = {};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent =
        ::sendmmsg(descriptor_.native_handle(), messages.data(), static_cast<unsigned>(count), 0);
    if (sent < 0) note_error(errno);
    for (int i = 0; i < std::max(sent, 1); ++i) at += lengths_[done++];
  }
  outgoing_.clear();
  lengths_.clear();
  if (error_ != 0) tell_error();
}

// Without a question there is nothing to wait for.
void DnsSocket::forget(std::uint16_t id) {
  const bool was_last = under_way_.erase(id) == 1 && under_way_.empty();
  error_code ignored;
  if (was_last && waiting_) descriptor_.cancel(ignored);
}

// A wait that is already queued when the descriptor goes ends with success, hence the weak pointer.
void DnsSocket::wait_for_datagrams() {
  descriptor_.async_wait(Descriptor::wait_read, [weak = weak_from_this()](const error_code& error) {
    if (const auto socket = weak.lock()) socket->on_readable(error);
  });
}

void DnsSocket::on_readable(const error_code& error) {
  if (!error) receive();
  // A question may have come between the cancelling and this.
  waiting_ = error_ == 0 && !under_way_.empty();
  if (waiting_) wait_for_datagrams();
}

void DnsSocket::receive() {
  const auto batch = batch_;  // whoever is told may end all of this
  const int count = ::recvmmsg(descriptor_.native_handle(), batch->messages.data(),
                               DatagramBatch::kCount, 0, nullptr);
  if (count < 0) {
    note_error(errno);
    if (error_ != 0) tell_error();
  }
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    take(wire::View(batch->buffers[at]).first(batch->messages[at].msg_len));
  }
}

void DnsSocket::take(wire::View datagram) {
  if (under_way_.empty()) return;
  wire::Reader header(datagram);
  const std::uint16_t id = header.u16be();
  const auto found = header.ok() ? under_way_.find(id) : under_way_.end();
  const bool known = found != under_way_.end();
  auto message =
      wire::parse_dns_message(datagram, known ? found->second->name() : std::string_view());
  if (known) {
    Asker& asker = *found->second;
    const bool bare_error = message && message->question_type == 0 && message->rcode != 0;
    if (!message || !(bare_error || asker.asks_for(*message))) return asker.on_stray();
    return asker.on_answer(*std::move(message), datagram);
  }
  if (header.ok() && used_[id]) return;
  for (const auto& [open, asker] : under_way_)
    if (!message || asker->asks_for(*message)) asker->on_stray();
}

void DnsSocket::note_error(int error) {
  if (!is_transient(error)) error_ = error;
}

// Each asker forgets its tries when it is told.
void DnsSocket::tell_error() {
  while (!under_way_.empty()) {
    const auto first = under_way_.begin();
    Asker& asker = *first->second;
    under_way_.erase(first);
    asker.on_error(error_);
  }
}

}  // namespace plumb::net

#define CARES_NO_DEPRECATED  // ares_send and ares_set_servers_ports have no successor in 1.18
#include "probe/net/dns_channel.hpp"

#include <ares.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "probe/net/socket_address.hpp"

namespace plumb::net {
namespace {

constexpr int kNeverMs = 60'000;  // c-ares' own timeout: longer than any question of ours

bool is_transient(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINPROGRESS || error == EINTR;
}

ares_addr_port_node server_node(const Endpoint& resolver) {
  ares_addr_port_node node{};
  node.family = resolver.address.is_v4() ? AF_INET : AF_INET6;
  std::memcpy(&node.addr, resolver.address.bytes().data(), resolver.address.is_v4() ? 4 : 16);
  node.udp_port = node.tcp_port = resolver.port;
  return node;
}

}  // namespace

// A descriptor of c-ares: it is released, never closed, by us. A wait that is already queued when
// it is released still ends with success, so the handler looks at `released` (held by itself)
// first.
struct DnsChannel::Watched {
  Watched(Executor executor, int fd) : descriptor(std::move(executor)) {
    error_code shows_as_silence;  // an exception must not cross c-ares
    descriptor.assign(fd, shows_as_silence);
  }
  Descriptor descriptor;
  bool released = false;
  bool want_read = false, want_write = false;
  bool waits_read = false, waits_write = false;
};

struct DnsChannel::Callbacks {
  struct Sent {
    DnsChannel* channel;
    Ticket ticket;
  };

  static DnsChannel& self(void* data) { return *static_cast<DnsChannel*>(data); }

  static void answered(void* data, int status, int, unsigned char* bytes, int size) {
    const std::unique_ptr<Sent> sent(static_cast<Sent*>(data));
    if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION) return;
    DnsChannel& channel = *sent->channel;
    if (status == ARES_SUCCESS) {
      wire::Bytes answer(bytes, bytes + std::max(size, 0));
      channel.events_.emplace_back(sent->ticket, Event{std::move(answer), 0});
    } else {
      const int error = channel.last_error_ != 0 ? channel.last_error_ : EPROTO;
      channel.events_.emplace_back(sent->ticket, Event{{}, error});
    }
  }

  static ares_socket_t open(int family, int type, int, void* data) {
    return self(data).open_socket(family, type);
  }
  static int close(ares_socket_t fd, void*) { return ::close(fd); }
  static int connect(ares_socket_t fd, const sockaddr* to, ares_socklen_t size, void* data) {
    const int result = ::connect(fd, to, size);
    if (result != 0) self(data).note_error(errno);
    return result;
  }
  static ares_ssize_t receive(ares_socket_t fd, void* buffer, size_t size, int flags,
                              sockaddr* from, ares_socklen_t* from_size, void* data) {
    const ssize_t count = ::recvfrom(fd, buffer, size, flags, from, from_size);
    if (count < 0) self(data).note_error(errno);
    if (count == 0) self(data).note_error(ECONNRESET);
    return count;
  }
  static ares_ssize_t send(ares_socket_t fd, const iovec* parts, int count, void* data) {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts);
    message.msg_iovlen = static_cast<std::size_t>(count);
    const ssize_t sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0) self(data).note_error(errno);
    return sent;
  }
  static void state(void* data, ares_socket_t fd, int readable, int writable) {
    self(data).watch(fd, readable != 0, writable != 0);
  }
};

DnsChannel::DnsChannel(Executor executor, const Endpoint& resolver, std::optional<Address> source)
    : executor_(std::move(executor)), source_(source) {
  static char no_file[] = "/dev/null";  // the machine's resolv.conf is not c-ares' business here
  static char lookups[] = "b";
  ares_options options{};
  options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | ARES_FLAG_USEVC;
  options.timeout = kNeverMs;
  options.tries = 1;
  options.lookups = lookups;
  options.resolvconf_path = no_file;
  options.sock_state_cb = &Callbacks::state;
  options.sock_state_cb_data = this;
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
             ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_QUERY_CACHE
  options.qcache_max_ttl = 0;  // on by default since 1.31: yesterday's DNS
  mask |= ARES_OPT_QUERY_CACHE;
#endif
  ares_addr_port_node server = server_node(resolver);
  if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) {
    channel_ = nullptr;
    setup_error_ = ENOMEM;
    return;
  }
  ares_set_socket_functions(channel_, &socket_functions(), this);
  if (ares_set_servers_ports(channel_, &server) != ARES_SUCCESS) setup_error_ = EINVAL;
}

DnsChannel::~DnsChannel() {
  if (channel_ != nullptr) ares_destroy(channel_);
}

const ares_socket_functions& DnsChannel::socket_functions() {
  static const ares_socket_functions functions{&Callbacks::open, &Callbacks::close,
                                               &Callbacks::connect, &Callbacks::receive,
                                               &Callbacks::send};
  return functions;
}

DnsChannel::Ticket DnsChannel::send(const wire::Bytes& query, Handler handler) {
  const Ticket ticket = next_ticket_++;
  open_[ticket] = std::move(handler);
  last_error_ = 0;
  if (setup_error_ != 0) {
    events_.emplace_back(ticket, Event{{}, setup_error_});
  } else {
    ares_send(channel_, query.data(), static_cast<int>(query.size()), &Callbacks::answered,
              new Callbacks::Sent{this, ticket});
  }
  if (!events_.empty() && !settling_) {
    asio::post(executor_, [weak = weak_from_this()] {
      if (const auto channel = weak.lock()) channel->settle();
    });
  }
  return ticket;
}

void DnsChannel::forget(Ticket ticket) {
  if (open_.erase(ticket) == 1 && open_.empty() && channel_ != nullptr) ares_cancel(channel_);
}

void DnsChannel::watch(int fd, bool readable, bool writable) {
  const auto found = sockets_.find(fd);
  if (!readable && !writable) {
    if (found == sockets_.end()) return;
    found->second->released = true;
    found->second->descriptor.release();
    sockets_.erase(found);
    return;
  }
  auto& watched = sockets_[fd];
  if (!watched) watched = std::make_shared<Watched>(executor_, fd);
  watched->want_read = readable;
  watched->want_write = writable;
  arm(watched);
}

void DnsChannel::arm(const std::shared_ptr<Watched>& watched) {
  const auto wait = [this, &watched](Descriptor::wait_type what, bool Watched::*waits) {
    watched.get()->*waits = true;
    const auto ready = [weak = weak_from_this(), watched, what, waits](const error_code& error) {
      watched.get()->*waits = false;
      const auto channel = weak.lock();
      if (!channel || watched->released || error) return;
      const int fd = watched->descriptor.native_handle();
      const bool reads = what == Descriptor::wait_read;
      channel->process(reads ? fd : ARES_SOCKET_BAD, reads ? ARES_SOCKET_BAD : fd);
      if (!watched->released) channel->arm(watched);
    };
    watched->descriptor.async_wait(what, ready);
  };
  if (watched->want_read && !watched->waits_read) wait(Descriptor::wait_read, &Watched::waits_read);
  if (watched->want_write && !watched->waits_write)
    wait(Descriptor::wait_write, &Watched::waits_write);
}

void DnsChannel::process(int readable, int writable) {
  last_error_ = 0;
  ares_process_fd(channel_, readable, writable);
  settle();
}

void DnsChannel::settle() {
  if (std::exchange(settling_, true)) return;
  while (!events_.empty()) {
    const auto [ticket, event] = std::move(events_.front());
    events_.pop_front();
    const auto found = open_.find(ticket);
    if (found == open_.end()) continue;
    const Handler handler = std::move(found->second);
    forget(ticket);
    handler(event);
  }
  settling_ = false;
}

void DnsChannel::note_error(int error) {
  if (!is_transient(error)) last_error_ = error;
}

int DnsChannel::open_socket(int family, int type) {
  const int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool same_family = source_ && source_->is_v4() == (family == AF_INET);
  const SocketAddress from({source_.value_or(Address()), 0});
  if (fd >= 0 && (!same_family || ::bind(fd, from.data(), from.size()) == 0)) return fd;
  note_error(errno);
  if (fd >= 0) ::close(fd);
  errno = last_error_;
  return -1;
}

}  // namespace plumb::net

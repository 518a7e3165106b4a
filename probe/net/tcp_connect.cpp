#include "probe/net/tcp_connect.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "probe/model/keys.hpp"
#include "probe/net/classify.hpp"
#include "probe/net/socket_address.hpp"

namespace plumb::net {
namespace {

constexpr int kSourcePorts = 16;  // that are tried where the wanted one is taken

void set_recverr(int fd, bool v4, int on) {
  // A kernel that refuses leaves us with the errno alone: less to say, nothing wrong.
  if (v4)
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  else
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

bool note_icmp(const cmsghdr* header, Facts& facts) {
  const bool ours = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) ||
                    (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
  if (!ours) return false;
  const auto* error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(header));
  if (error->ee_origin != SO_EE_ORIGIN_ICMP && error->ee_origin != SO_EE_ORIGIN_ICMP6) return false;
  facts.set(key::tcp_icmp_type, std::int64_t{error->ee_type});
  facts.set(key::tcp_icmp_code, std::int64_t{error->ee_code});
  const auto from = address_of(SO_EE_OFFENDER(error));
  if (from) facts.set(key::tcp_icmp_from, from->to_string());
  return true;
}

void read_error_queue(int fd, Facts& facts) {
  for (int i = 0; i < 8; ++i) {
    alignas(cmsghdr) std::array<char, 512> control{};
    std::array<char, 128> data{};
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
      if (note_icmp(header, facts)) return;
  }
}

Failure refine(Failure failure, bool v4, const Facts& facts) {
  const auto* type = facts.get(key::tcp_icmp_type);
  const auto* code = facts.get(key::tcp_icmp_code);
  if (!type || !code) return failure;
  const bool v4_prohibited = v4 && *type == 3 && (*code == 9 || *code == 10 || *code == 13);
  const bool v6_prohibited = !v4 && *type == 1 && (*code == 1 || *code == 5);
  return v4_prohibited || v6_prohibited ? Failure::admin_prohibited : failure;
}

int bind_source(TcpSocket& socket, bool v4, const ConnectOptions& options) {
  const bool fits = options.from && options.from->is_v4() == v4;
  if (!fits && options.from_port == 0) return 0;
  const Address any = v4 ? Address::v4({}) : Address::v6({});
  Endpoint source{fits ? *options.from : any, options.from_port};
  // A connection that was closed a moment ago keeps its port for a minute, but only towards its peer.
  const int on = 1;
  if (source.port != 0) setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  for (int tried = 1;; ++tried, ++source.port) {
    const SocketAddress address(source);
    const int error = ::bind(socket.fd(), address.data(), address.size()) == 0 ? 0 : errno;
    const bool taken = error == EADDRINUSE && options.from_port != 0;
    if (!taken || tried == kSourcePorts || source.port == 0xffff) return error;
  }
}

std::uint16_t port_of(const TcpSocket& socket) {
  const auto local = socket.local();
  return local ? local->port : std::uint16_t{0};
}

int pending_error(TcpSocket& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  const int result = getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  return result == 0 ? error : errno;
}

}  // namespace

std::optional<TcpState> state_of(const TcpSocket& socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket.fd(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return TcpState{info.tcpi_state,        info.tcpi_rtt,     info.tcpi_snd_mss,
                  info.tcpi_unacked,      info.tcpi_retrans, info.tcpi_retransmits,
                  info.tcpi_total_retrans};
}

Observation begun(Phase phase, const Endpoint& to) {
  Observation seen;
  seen.phase = phase;
  seen.endpoint = to.to_string();
  seen.facts.set(key::peer_address, to.address.to_string());
  seen.facts.set(key::peer_port, std::int64_t{to.port});
  return seen;
}

int prepare_socket(TcpSocket& socket, const Endpoint& to, const ConnectOptions& options) {
  const bool v4 = to.address.is_v4();
  if (const int error = socket.open(v4); error != 0) return error;
  const int fd = socket.fd();
  set_recverr(fd, v4, 1);
  const int segment = options.max_segment;
  if (segment > 0 && setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment) != 0)
    return EOPNOTSUPP;  // its own EINVAL would read as a route's
  return bind_source(socket, v4, options);
}

awaitable<ConnectEnd> connect_prepared(TcpSocket& socket, Endpoint to, const Watch& watch) {
  ConnectEnd end;
  const SocketAddress address(to);
  if (::connect(socket.fd(), address.data(), address.size()) == 0) co_return end;
  end.error = errno;
  if (end.error != EINPROGRESS) co_return end;
  error_code error = co_await socket.wait(TcpSocket::What::write);
  if (error)
    end.error = connect_error(socket, error, watch.stopped());
  else
    end = connected_or_error(socket);
  co_return end;
}

awaitable<ConnectEnd> connect_socket(TcpSocket& socket, Endpoint to, const ConnectOptions& wanted,
                                     const Watch& watch) {
  ConnectOptions options = wanted;
  for (int tried = 1;; ++tried) {
    ConnectEnd end{prepare_socket(socket, to, options)};
    if (end.error != 0) co_return end;
    const std::uint16_t left_from = options.from_port == 0 ? std::uint16_t{0} : port_of(socket);
    end = co_await connect_prepared(socket, to, watch);
    const bool taken = end.error == EADDRNOTAVAIL && options.from_port != 0 && left_from < 0xffff;
    if (!taken || tried == kSourcePorts || watch.due()) co_return end;
    options.from_port = static_cast<std::uint16_t>(left_from + 1);
    socket.close();
  }
}

bool is_established(TcpSocket& socket) {
  const auto now = state_of(socket);
  return now && (now->state == TCP_ESTABLISHED || now->state == TCP_CLOSE_WAIT);
}

ConnectEnd connected_or_error(TcpSocket& socket) {
  ConnectEnd end{0, state_of(socket)};
  const bool syn_acknowledged = end.state && end.state->rtt_us > 0;  // measured by its answer
  // SO_ERROR would take a reset away.
  if (!syn_acknowledged) end = {pending_error(socket)};
  return end;
}

int connect_error(TcpSocket& socket, const error_code& error, bool stopped) {
  if (error != asio::error::operation_aborted) return error.value();
  if (is_established(socket)) return 0;
  return stopped ? ECANCELED : ETIMEDOUT;
}

void describe_connect(TcpSocket& socket, const ConnectEnd& end, Observation& observation) {
  const int error = end.error;
  Facts& facts = observation.facts;
  const int fd = socket.fd();
  const auto local = socket.local();
  const bool v4 = local ? local->address.is_v4() : observation.endpoint.front() != '[';
  if (local && local->address != (v4 ? Address::v4({}) : Address::v6({})))
    facts.set(key::local_address, local->address.to_string());
  if (const auto now = end.state ? end.state : state_of(socket)) {
    // The count of all stays behind while the SYN is not acknowledged, on some kernels.
    const std::int64_t resent = std::max(now->resent_last, now->resent_in_all);
    if (error == 0 || error == ETIMEDOUT) facts.set(key::tcp_syn_retransmits, resent);
    if (error == 0) facts.set(key::tcp_mss, std::int64_t{now->segment});
    // Each retransmission that this host's own output refused leaves nothing in flight behind it.
    if (error == ETIMEDOUT && now->state == TCP_SYN_SENT && resent > 0)
      facts.set(key::tcp_syn_left, now->resent_in_flight > 0);
  }
  if (error == 0) {
    set_recverr(fd, v4, 0);
    return;
  }
  if (fd >= 0) read_error_queue(fd, facts);
  observation.failure = refine(classify_errno(error), v4, facts);
  observation.raw = errno_name(error);
  facts.set(key::tcp_errno, errno_name(error));
}

void describe_options(TcpSocket& socket, const ConnectOptions& options, Facts& facts) {
  const std::uint16_t port = options.from_port == 0 ? std::uint16_t{0} : port_of(socket);
  if (port != 0) facts.set(key::path_source_port, std::int64_t{port});
  if (options.max_segment > 0) facts.set(key::path_max_segment, std::int64_t{options.max_segment});
}

Facts describe_stall(TcpSocket& socket) {
  Facts facts;
  const auto now = state_of(socket);
  if (!now) return facts;
  facts.set(key::tcp_unacked, std::int64_t{now->in_flight});
  facts.set(key::tcp_retransmits, std::int64_t{now->resent_in_all});
  facts.set(key::tcp_rtt_ms, in_ms(Micros(now->rtt_us)));
  return facts;
}

}  // namespace plumb::net

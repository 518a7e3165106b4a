#include "probe/net/tcp_connect.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "probe/model/keys.hpp"
#include "probe/net/classify.hpp"

namespace plumb::net {
namespace {

void set_recverr(int fd, bool v4, int on) {
  // A kernel that refuses leaves us with the errno alone: less to say, nothing wrong.
  if (v4)
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  else
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

std::string offender_text(const sockaddr* offender) {
  if (offender->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(offender)->sin_addr,
                bytes.size());
    return Address::v4(bytes).to_string();
  }
  if (offender->sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(offender)->sin6_addr,
                bytes.size());
    return Address::v6(bytes).to_string();
  }
  return {};
}

bool note_icmp(const cmsghdr* header, Facts& facts) {
  const bool ours = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) ||
                    (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
  if (!ours) return false;
  const auto* error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(header));
  if (error->ee_origin != SO_EE_ORIGIN_ICMP && error->ee_origin != SO_EE_ORIGIN_ICMP6) return false;
  facts.set(key::tcp_icmp_type, std::int64_t{error->ee_type});
  facts.set(key::tcp_icmp_code, std::int64_t{error->ee_code});
  const std::string from = offender_text(SO_EE_OFFENDER(error));
  if (!from.empty()) facts.set(key::tcp_icmp_from, from);
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

}  // namespace

asio::ip::tcp::endpoint to_asio(const Endpoint& endpoint) {
  if (endpoint.address.is_v4()) {
    asio::ip::address_v4::bytes_type bytes{};
    std::memcpy(bytes.data(), endpoint.address.bytes().data(), bytes.size());
    return {asio::ip::address_v4(bytes), endpoint.port};
  }
  asio::ip::address_v6::bytes_type bytes{};
  std::memcpy(bytes.data(), endpoint.address.bytes().data(), bytes.size());
  return {asio::ip::address_v6(bytes), endpoint.port};
}

int prepare_socket(asio::ip::tcp::socket& socket, const Endpoint& to,
                   const std::optional<Address>& from) {
  error_code error;
  const bool v4 = to.address.is_v4();
  socket.open(v4 ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), error);
  if (!error) socket.non_blocking(true, error);
  if (!error) socket.set_option(asio::ip::tcp::no_delay(true), error);
  if (error) return error.value();
  set_recverr(socket.native_handle(), v4, 1);
  if (from && from->is_v4() == v4) socket.bind(to_asio({*from, 0}), error);
  return error.value();
}

bool is_established(asio::ip::tcp::socket& socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  return socket.is_open() &&
         getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         (info.tcpi_state == TCP_ESTABLISHED || info.tcpi_state == TCP_CLOSE_WAIT);
}

int connect_error(asio::ip::tcp::socket& socket, const error_code& error, bool stopped) {
  if (error != asio::error::operation_aborted) return error.value();
  if (is_established(socket)) return 0;
  return stopped ? ECANCELED : ETIMEDOUT;
}

void describe_connect(asio::ip::tcp::socket& socket, int error, Observation& observation) {
  Facts& facts = observation.facts;
  const int fd = socket.is_open() ? socket.native_handle() : -1;
  error_code ignored;
  const auto local = socket.local_endpoint(ignored);
  const bool v4 = !ignored ? local.address().is_v4() : observation.endpoint.front() != '[';
  if (!ignored && !local.address().is_unspecified())
    facts.set(key::local_address, local.address().to_string());
  tcp_info info{};
  socklen_t size = sizeof info;
  if (fd >= 0 && getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
    // tcpi_total_retrans of a SYN_SENT socket stays behind on some kernels; tcpi_retransmits counts
    // the open SYN.
    const auto resent = std::max<std::int64_t>(info.tcpi_retransmits, info.tcpi_total_retrans);
    if (error == 0 || error == ETIMEDOUT) facts.set(key::tcp_syn_retransmits, resent);
    if (error == 0) facts.set(key::tcp_mss, std::int64_t{info.tcpi_snd_mss});
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

}  // namespace plumb::net

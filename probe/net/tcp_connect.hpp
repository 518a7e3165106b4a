// One TCP connect and everything an unprivileged socket can learn from it.
//
// IP_RECVERR is on while connecting, so that an ICMP error is kept with its type, code and the
// address of the device that sent it; it is off once connected, because a transient ICMP error
// would then break a connection that an application survives (reference: ip(7), reproduced in
// tests/lab).
#pragma once

#include <cstdint>
#include <optional>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/net/asio.hpp"
#include "probe/net/deadline.hpp"
#include "probe/net/network.hpp"
#include "probe/net/tcp_socket.hpp"

namespace plumb::net {

// An observation of what is sent there: phase, endpoint and the peer's facts.
Observation begun(Phase phase, const Endpoint& to);

// Opens and prepares the socket: non-blocking, error queue on, bound where the options ask for it.
// A source port that is taken gives way to the next one, up to sixteen in all. 0 or an errno.
int prepare_socket(TcpSocket& socket, const Endpoint& to, const ConnectOptions& options);

// What the kernel tells of a connection. Times that something was sent again: what has not been
// acknowledged yet; ever.
struct TcpState {
  int state = 0;
  std::uint32_t rtt_us = 0;  // 0: nothing has been acknowledged
  std::uint32_t segment = 0;
  std::uint32_t in_flight = 0, resent_in_flight = 0;
  std::uint32_t resent_last = 0, resent_in_all = 0;
};
std::optional<TcpState> state_of(const TcpSocket& socket);

// What a connect ended with: 0 or an errno, and the state in which it was found connected.
struct ConnectEnd {
  int error = 0;
  std::optional<TcpState> state = {};
};

// Sends the SYN and waits for what comes of it, until `watch` cancels it: what connect_error says.
awaitable<ConnectEnd> connect_prepared(TcpSocket& socket, Endpoint to, const Watch& watch);

// Prepares and connects, until `watch` cancels it: what connect_error says. A source port from which
// the same place was connected to a moment ago gives way to the next one, too.
awaitable<ConnectEnd> connect_socket(TcpSocket& socket, Endpoint to, const ConnectOptions& wanted,
                                     const Watch& watch);

// The handshake is done, also where waiting for it was cancelled a moment too late.
bool is_established(TcpSocket& socket);

// After connect(). A connection that was made and has been reset since is connected: the next read
// says the reset, to who comes late as to who came in time.
ConnectEnd connected_or_error(TcpSocket& socket);

// What a connect ended with: 0 or an errno; `stopped`: it was an interrupt that cancelled it.
// Cancelled too late is connected: the server has begun, and its greeting is owed an answer or an
// entry in the harm budget.
int connect_error(TcpSocket& socket, const error_code& error, bool stopped);

// After connect() ended (ETIMEDOUT: our deadline): fills failure, raw and the tcp.* facts.
void describe_connect(TcpSocket& socket, const ConnectEnd& end, Observation& observation);
// What of the options is in force.
void describe_options(TcpSocket& socket, const ConnectOptions& options, Facts& facts);

// What the kernel knows of a connection on which our time ran out: whether what we sent last was
// acknowledged tells a path that loses packets from a peer that says nothing.
Facts describe_stall(TcpSocket& socket);

}  // namespace plumb::net

// One TCP connect and everything an unprivileged socket can learn from it.
//
// IP_RECVERR is on while connecting, so that an ICMP error is kept with its type, code and the
// address of the device that sent it; it is off once connected, because a transient ICMP error
// would then break a connection that an application survives (reference: ip(7), reproduced in
// tests/lab).
#pragma once

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/net/asio.hpp"
#include "probe/net/deadline.hpp"
#include "probe/net/network.hpp"

namespace plumb::net {

asio::ip::tcp::endpoint to_asio(const Endpoint& endpoint);

// An observation of what is sent there: phase, endpoint and the peer's facts.
Observation begun(Phase phase, const Endpoint& to);

// Opens and prepares the socket: non-blocking, error queue on, bound where the options ask for it.
// A source port that is taken gives way to the next one, up to sixteen in all. 0 or an errno.
int prepare_socket(TcpSocket& socket, const Endpoint& to, const ConnectOptions& options);

// Sends the SYN and waits for what comes of it, until `watch` cancels it: what connect_error says.
// connect() by hand: asio's asks with poll() and for the error besides, at every probe.
awaitable<int> connect_prepared(TcpSocket& socket, Endpoint to, const Watch& watch);

// Prepares and connects, until `watch` cancels it: what connect_error says. A source port from which
// the same place was connected to a moment ago gives way to the next one, too.
awaitable<int> connect_socket(TcpSocket& socket, Endpoint to, const ConnectOptions& wanted,
                              const Watch& watch);

// The handshake is done, also where waiting for it was cancelled a moment too late.
bool is_established(TcpSocket& socket);

// After connect(): 0 or the errno that it met. A connection that was made and has been reset since is
// connected: the next read says the reset, to who comes late as to who came in time.
int connected_or_error(TcpSocket& socket);

// What a connect ended with: 0 or an errno; `stopped`: it was an interrupt that cancelled it.
// Cancelled too late is connected: the server has begun, and its greeting is owed an answer or an
// entry in the harm budget.
int connect_error(TcpSocket& socket, const error_code& error, bool stopped);

// After connect() ended with `error` (0: connected; ETIMEDOUT: our deadline): fills failure, raw
// and the tcp.* facts.
void describe_connect(TcpSocket& socket, int error, Observation& observation);
// What of the options is in force.
void describe_options(TcpSocket& socket, const ConnectOptions& options, Facts& facts);

// What the kernel knows of a connection on which our time ran out: whether what we sent last was
// acknowledged tells a path that loses packets from a peer that says nothing.
Facts describe_stall(TcpSocket& socket);

}  // namespace plumb::net

// One TCP connect and everything an unprivileged socket can learn from it.
//
// IP_RECVERR is on while connecting, so that an ICMP error is kept with its type, code and the
// address of the device that sent it; it is off once connected, because a transient ICMP error
// would then break a connection that an application survives (reference: ip(7), reproduced in
// tests/lab).
#pragma once

#include <optional>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/net/asio.hpp"

namespace plumb::net {

asio::ip::tcp::endpoint to_asio(const Endpoint& endpoint);

// Opens and prepares the socket: non-blocking, error queue on, bound to `from`. 0 or an errno.
int prepare_socket(asio::ip::tcp::socket& socket, const Endpoint& to,
                   const std::optional<Address>& from);

// The handshake is done, also where waiting for it was cancelled a moment too late.
bool is_established(asio::ip::tcp::socket& socket);

// What a connect ended with: 0 or an errno; `stopped`: it was an interrupt that cancelled it.
// Cancelled too late is connected: the server has begun, and its greeting is owed an answer or an
// entry in the harm budget.
int connect_error(asio::ip::tcp::socket& socket, const error_code& error, bool stopped);

// After connect() ended with `error` (0: connected; ETIMEDOUT: our deadline): fills failure, raw
// and the tcp.* facts.
void describe_connect(asio::ip::tcp::socket& socket, int error, Observation& observation);

}  // namespace plumb::net

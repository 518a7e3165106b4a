// One session through mysql-connector-cpp: connect by name, drive the talk, leave in order. Blocks;
// probe/net/session_pool.hpp has the threads for it.
//
// What the library does on its own, as tried against MariaDB 10.11 and MySQL 9.7 (libmariadb 3.3):
// without sslEnforce it speaks in clear, and with it (or OPT_SSL_MODE, or a CA) it still sends the
// login in clear to a server that offers no TLS, or to whoever strips the offer. Only sslVerify makes
// TLS a condition, and that verifies chain and name. So both are always verified, whatever the policy
// asks. LOCAL INFILE is on unless it is told otherwise; `localhost` becomes 127.0.0.1; time-outs are
// whole seconds, and that of the connect covers the login. The CA is handed over as the PEM of the
// roots that are loaded already, in memory: no file is read again.
#pragma once

#include "probe/net/network.hpp"

namespace plumb::net {

// The observation has no duration. Nothing is thrown; an error text holds no password, for neither
// the library nor a server repeats it.
SessionEnd hold_session(const SessionOrder& order, wire::SessionTalk& talk, Deadline deadline);

}  // namespace plumb::net

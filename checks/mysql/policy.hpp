// Who may log in over which channel.
#pragma once

#include <cstdint>

#include "checks/mysql/packet.hpp"
#include "probe/wire/check.hpp"
#include "probe/wire/exchange.hpp"

namespace plumb::mysql {

// Does this channel meet the TLS policy, so that an account may use it? `tls`: null without TLS.
bool meets_policy(TlsMode mode, const wire::TlsReport* tls);

// An account without a password, or one whose password cannot be turned into a proof, is never
// tried: its name with an empty password counts as a failed login of the account.
bool can_prove(const Login& login, const Greeting& greeting);

// The anonymous login, whatever it was configured as: no account, no password, no database.
Login anonymous_of(const Conversation& conversation);

// The bits for both packets of ours, fixed before it is known who will log in.
std::uint32_t session_capabilities(const Conversation& conversation, const Greeting& greeting,
                                   bool tls);

}  // namespace plumb::mysql

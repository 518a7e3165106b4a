// The causes that a conversation with a MySQL server shows.
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb::mysql {

std::span<const Cause> causes();

std::span<const Cause> greeting_causes();    // nothing, or something else, in place of the greeting
std::span<const Cause> refusal_causes();     // the server refuses this host, or everybody
std::span<const Cause> account_causes();     // the server refuses this account
std::span<const Cause> connection_causes();  // the login does not come to its end
std::span<const Cause> header_causes();      // a PROXY header too many, or too few
std::span<const Cause> gateway_causes();     // TiDB Cloud and Alibaba Cloud in front of the server
std::span<const Cause> server_causes();      // it answers, but is the wrong one, or in another role

}  // namespace plumb::mysql

// What an error packet in answer to a login means: who sent it, and whether it would keep a client
// out.
//
// An anonymous login is refused by every server in good health; that refusal proves that the login
// layer answers. An account that is refused is kept out. Overload, a blocked host or a missing TLS
// keep out both.
#pragma once

#include <string_view>

#include "checks/mysql/packet.hpp"

namespace plumb::mysql {

// This name and password must not be tried again soon.
bool forbids_retry(const ServerError& error, bool as_account);
bool keeps_out(const ServerError& error, bool as_account);
std::string_view who_answered(const ServerError& error, std::string_view flavor);

}  // namespace plumb::mysql

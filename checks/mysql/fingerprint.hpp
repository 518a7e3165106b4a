// What kind of server the greeting looks like (failure catalogue §3.3). Only what can be told:
// Aurora and Cloud SQL greet like plain MySQL and are called `mysql`.
#pragma once

#include <string_view>

#include "checks/mysql/packet.hpp"

namespace plumb::mysql {

std::string_view flavor_of(const Greeting& greeting);

}  // namespace plumb::mysql

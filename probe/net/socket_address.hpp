// The kernel's addresses as ours.
#pragma once

#include <sys/socket.h>

#include <optional>

#include "probe/model/address.hpp"

namespace plumb::net {

std::optional<Address> address_of(const sockaddr* from);  // empty: null, or of another family

}  // namespace plumb::net

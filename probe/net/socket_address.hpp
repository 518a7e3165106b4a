// The kernel's addresses as ours, and ours as the kernel's.
#pragma once

#include <sys/socket.h>

#include <optional>

#include "probe/model/address.hpp"

namespace plumb::net {

std::optional<Address> address_of(const sockaddr* from);  // empty: null, or of another family

std::optional<Endpoint> endpoint_of(const sockaddr* from);

class SocketAddress {
 public:
  explicit SocketAddress(const Endpoint& to);
  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_;
};

}  // namespace plumb::net

#include "probe/net/classify.hpp"

#include <cerrno>
#include <cstring>

namespace plumb::net {

Failure classify_errno(int error) {
  switch (error) {
    case ECONNREFUSED:
      return Failure::refused;
    case ETIMEDOUT:
      return Failure::timed_out;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return Failure::reset;
    case EHOSTUNREACH:
    case EHOSTDOWN:
      return Failure::host_unreachable;
    case ENETUNREACH:
    case ENETDOWN:
    case ENONET:
      return Failure::net_unreachable;
    case EACCES:
    case EPERM:
      return Failure::permission_denied;
    case EINVAL:
      return Failure::no_route;  // a route of type `blackhole`; our arguments are valid
    case EADDRNOTAVAIL:
      return Failure::address_unavailable;
    case ECANCELED:
      return Failure::cancelled;
    default:
      return Failure::local_limit;
  }
}

std::string errno_name(int error) {
  const char* name = strerrorname_np(error);
  return name ? name : "errno " + std::to_string(error);
}

}  // namespace plumb::net

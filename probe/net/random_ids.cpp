#include "probe/net/random_ids.hpp"

#include <sys/random.h>

#include <random>

namespace plumb::net {

void RandomIds::refill() {
  at_ = 0;
  if (::getrandom(pool_.data(), sizeof pool_, 0) == static_cast<ssize_t>(sizeof pool_)) return;
  std::random_device device;  // a kernel without it, or one that filters it
  for (std::uint16_t& id : pool_) id = static_cast<std::uint16_t>(device());
}

}  // namespace plumb::net

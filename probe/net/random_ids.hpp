// Ids of questions that nobody can guess (RFC 5452 §9.2): from the kernel's generator, fetched many
// at a time, for a call of the system per question costs more than the question's own bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace plumb::net {

class RandomIds {
 public:
  std::uint16_t next() {
    if (at_ == pool_.size()) refill();
    return pool_[at_++];
  }

 private:
  void refill();

  std::array<std::uint16_t, 128> pool_{};  // 256 bytes: what getrandom(2) gives whole
  std::size_t at_ = pool_.size();
};

}  // namespace plumb::net

// How many connections may be in flight to one address at a time (--per-address). Behind
// PrivateLink one address is a whole cluster's door: more than a few at once would look like an
// attack. First come, first served; one thread.
#pragma once

#include <map>

#include "probe/model/address.hpp"
#include "probe/net/event.hpp"

namespace plumb::net {

class AddressSlots {
 public:
  AddressSlots(asio::any_io_executor executor, int limit)
      : executor_(std::move(executor)), limit_(limit) {}

  class Slot {  // gives its place back on destruction
   public:
    Slot() = default;
    Slot(AddressSlots* owner, Address address) : owner_(owner), address_(address) {}
    Slot(Slot&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), address_(other.address_) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(address_, other.address_);
      return *this;
    }
    ~Slot() {
      if (owner_) owner_->release(address_);
    }
    bool taken() const { return owner_ != nullptr; }

   private:
    AddressSlots* owner_ = nullptr;
    Address address_;
  };

  // An empty slot if there was none before the limit.
  asio::awaitable<Slot> take(Address address, Event::Time limit = Event::Time::max());

 private:
  struct Queue {
    int taken = 0;
    Waiters waiting;
  };
  void release(const Address& address);

  asio::any_io_executor executor_;
  int limit_;
  std::map<Address, Queue> queues_;
};

}  // namespace plumb::net

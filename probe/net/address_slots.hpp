// How many connections may be in flight to one address at a time (--per-address), and how many may
// begin there in a second (--per-address-rate). Behind PrivateLink one address is a whole cluster's
// door: more than a few at once would look like an attack, and a connection that is closed keeps
// its port for a minute. First come, first served. One for all shards of a process.
#pragma once

#include <unordered_map>

#include "probe/model/address.hpp"
#include "probe/net/event.hpp"
#include "probe/net/pace.hpp"
#include "probe/net/spin_lock.hpp"

namespace plumb::net {

class AddressSlots {
 public:
  // `rate`: a second; 0: none.
  explicit AddressSlots(int limit, double rate = 0);

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
  awaitable<Slot> take(Executor executor, Address address, Event::Time limit = Event::Time::max());
  void stop();  // an interrupt: no rate any more, the caller's network sends nothing

 private:
  struct Queue {
    explicit Queue(const Pace& rate) : pace(rate) {}
    int taken = 0;
    Pace pace;
    Waiters waiting;  // for a place
    Waiters pausing;  // for their time
  };
  using Queues = std::unordered_map<Address, Queue>;
  Queue& queue_of(const Address& address);
  void release(const Address& address);
  void give_back(Queue& queue);

  SpinLock lock_;
  const int limit_;
  const Pace fresh_;
  bool stopped_ = false;
  Queues queues_;
  std::size_t most_ = 0;  // of queues, before those that nobody needs are looked for
};

}  // namespace plumb::net

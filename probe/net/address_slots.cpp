#include "probe/net/address_slots.hpp"

namespace plumb::net {

asio::awaitable<AddressSlots::Slot> AddressSlots::take(Address address, Event::Time limit) {
  Queue& queue = queues_[address];
  if (queue.taken < limit_) {
    ++queue.taken;
  } else {
    // release() hands its place over without counting down, so nobody can slip in between.
    const bool in_time = co_await queue.waiting.wait(executor_, limit);
    if (!in_time) co_return Slot();
  }
  Slot slot(this, address);
  co_return slot;
}

void AddressSlots::release(const Address& address) {
  const auto at = queues_.find(address);
  if (at == queues_.end()) return;
  Queue& queue = at->second;
  if (!queue.waiting.empty()) {
    queue.waiting.wake_first();
    return;
  }
  if (--queue.taken == 0) queues_.erase(at);
}

}  // namespace plumb::net

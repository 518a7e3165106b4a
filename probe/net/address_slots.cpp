#include "probe/net/address_slots.hpp"

namespace plumb::net {

asio::awaitable<AddressSlots::Slot> AddressSlots::take(Address address, Event::Time limit) {
  Queue& queue = queues_[address];
  if (queue.taken < limit_) {
    ++queue.taken;
  } else {
    // release() hands its place over without counting down, so nobody can slip in between.
    Event turn(executor_);
    queue.waiting.push_back(&turn);
    const bool in_time = co_await turn.wait(limit);
    if (!in_time) {
      queue.waiting.remove(&turn);
      co_return Slot();
    }
  }
  Slot slot(this, address);
  co_return slot;
}

void AddressSlots::release(const Address& address) {
  const auto at = queues_.find(address);
  if (at == queues_.end()) return;
  Queue& queue = at->second;
  if (!queue.waiting.empty()) {
    Event* next = queue.waiting.front();
    queue.waiting.pop_front();
    next->set();
    return;
  }
  if (--queue.taken == 0) queues_.erase(at);
}

}  // namespace plumb::net

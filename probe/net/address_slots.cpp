#include "probe/net/address_slots.hpp"

#include <algorithm>

namespace plumb::net {
namespace {

constexpr std::size_t kFewest = 1024;
// What may begin at once where nothing has for a while: one target's connections do not wait.
constexpr double kBurstSeconds = 0.25;

// A plain function: the executor that a wait is given is on the stack, and not in the frame of who
// waits. Most never do, and their frame serves for the whole connect.
awaitable<bool> wait_in(Waiters& queue, Holding& held, const Executor& executor,
                        Event::Time limit) {
  return queue.wait(held, executor, limit);
}

}  // namespace

AddressSlots::AddressSlots(int limit, double rate)
    : limit_(limit),
      fresh_(rate, static_cast<int>(std::min(rate * kBurstSeconds, 1e6))),
      most_(kFewest) {}

AddressSlots::Queue& AddressSlots::queue_of(const Address& address) {
  if (queues_.size() >= most_) {
    const auto now = Event::Time::clock::now();
    std::erase_if(queues_, [now](const Queues::value_type& entry) {
      return entry.second.taken == 0 && entry.second.pace.idle(now);
    });
    most_ = std::max(kFewest, 2 * queues_.size());
  }
  return queues_.try_emplace(address, fresh_).first->second;
}

awaitable<AddressSlots::Slot> AddressSlots::take(Executor executor, Address address,
                                                 Event::Time limit) {
  Holding held(lock_);
  Queue& queue = queue_of(address);
  if (queue.taken < limit_) {
    ++queue.taken;
  } else {
    // release() hands its place over without counting down, so nobody can slip in between.
    const bool in_time = co_await wait_in(queue.waiting, held, executor, limit);
    if (!in_time) co_return Slot();
  }
  const auto now = Event::Time::clock::now();
  const auto begin = stopped_ ? now : queue.pace.next(now);
  if (begin > limit) {
    give_back(queue);
    co_return Slot();
  }
  if (begin > now) co_await wait_in(queue.pausing, held, executor, begin);
  Slot slot(this, address);
  co_return slot;
}

void AddressSlots::give_back(Queue& queue) {
  if (queue.waiting.empty())
    --queue.taken;
  else
    queue.waiting.wake_first();
}

void AddressSlots::release(const Address& address) {
  const Holding held(lock_);
  const auto at = queues_.find(address);
  if (at == queues_.end()) return;
  give_back(at->second);
  if (at->second.taken == 0 && at->second.pace.idle(Event::Time::clock::now())) queues_.erase(at);
}

void AddressSlots::stop() {
  const Holding held(lock_);
  stopped_ = true;
  for (auto& [address, queue] : queues_) queue.pausing.wake_all();
}

}  // namespace plumb::net

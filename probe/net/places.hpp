// A number of places, as of sockets that a process may open: who finds none waits, first come, first
// served. One thread.
#pragma once

#include <utility>

#include "probe/net/event.hpp"

namespace plumb::net {

class Places {
 public:
  explicit Places(int limit) : left_(limit) {}

  class Place {  // given back on destruction
   public:
    Place() = default;
    explicit Place(Places* owner) : owner_(owner) {}
    Place(Place&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(owner_, other.owner_);
      return *this;
    }
    ~Place() {
      if (owner_) owner_->give_back();
    }
    bool taken() const { return owner_ != nullptr; }

   private:
    Places* owner_ = nullptr;
  };

  // An empty place if there was none before the limit.
  awaitable<Place> take(Executor executor, Event::Time limit = Event::Time::max());

 private:
  void give_back();

  int left_;
  Waiters waiting_;
};

}  // namespace plumb::net

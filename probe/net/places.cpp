#include "probe/net/places.hpp"

namespace plumb::net {

awaitable<Places::Place> Places::take(Executor executor, Event::Time limit) {
  if (left_ > 0) {
    --left_;
  } else {
    // give_back() hands the place over, so nobody can slip in between.
    const bool in_time = co_await waiting_.wait(std::move(executor), limit);
    if (!in_time) co_return Place();
  }
  Place place(this);
  co_return place;
}

void Places::give_back() {
  if (waiting_.empty())
    ++left_;
  else
    waiting_.wake_first();
}

}  // namespace plumb::net

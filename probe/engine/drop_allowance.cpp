#include "probe/engine/drop_allowance.hpp"

#include <algorithm>

namespace plumb::engine {

asio::awaitable<DropAllowance::Pass> DropAllowance::enter(asio::any_io_executor executor,
                                                          const int& drops, int most,
                                                          net::Event::Time limit) {
  while (!stopped_ && under_way_ >= std::max(1, most - drops)) {
    net::Event turn(executor);
    waiting_.push_back(&turn);
    const bool in_time = co_await turn.wait(limit);
    if (in_time) continue;
    waiting_.remove(&turn);
    co_return Pass(nullptr);
  }
  ++under_way_;
  co_return Pass(this);
}

// Everybody looks again: how many may go depends on how this one ended.
void DropAllowance::leave() {
  --under_way_;
  for (net::Event* event : std::exchange(waiting_, {})) event->set();
}

void DropAllowance::stop() {
  stopped_ = true;
  for (net::Event* event : std::exchange(waiting_, {})) event->set();
}

}  // namespace plumb::engine

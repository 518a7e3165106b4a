#include "probe/engine/drop_allowance.hpp"

#include <algorithm>

namespace plumb::engine {

net::awaitable<DropAllowance::Pass> DropAllowance::enter(net::Holding& held, net::Executor executor,
                                                         const int& drops, int most,
                                                         net::Event::Time limit) {
  while (!stopped_ && under_way_ >= std::max(1, most - drops)) {
    const bool in_time = co_await waiting_.wait(held, executor, limit);
    if (!in_time) co_return Pass(nullptr);
  }
  ++under_way_;
  co_return Pass(this);
}

// Everybody looks again: how many may go depends on how this one ended.
void DropAllowance::leave() {
  const net::Holding held(lock_);
  --under_way_;
  waiting_.wake_all();
}

void DropAllowance::stop() {
  stopped_ = true;
  waiting_.wake_all();
}

}  // namespace plumb::engine

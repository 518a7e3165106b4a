#include "probe/net/event.hpp"

namespace plumb::net {

awaitable<bool> Event::wait(Time limit) {
  if (set_) co_return true;
  timer_.expires_at(limit);
  error_code ignored;
  co_await timer_.async_wait(asio::redirect_error(use_awaitable, ignored));
  co_return set_;
}

awaitable<bool> Waiters::wait(Holding& held, Executor executor, Event::Time limit) {
  const auto me = std::make_shared<Waiter>(std::move(executor));
  waiting_.push_back(me);
  held.unlock();
  co_await me->event.wait(limit);
  held.lock();
  if (!me->woken) waiting_.remove(me);
  co_return me->woken;
}

awaitable<bool> Waiters::wait(Executor executor, Event::Time limit) {
  SpinLock nobody_else;
  Holding held(nobody_else);
  const bool woken = co_await wait(held, executor, limit);
  co_return woken;
}

void Waiters::wake_first() {
  if (waiting_.empty()) return;
  const std::shared_ptr<Waiter> first = std::move(waiting_.front());
  waiting_.pop_front();
  first->woken = true;
  asio::post(first->executor, [first] { first->event.set(); });
}

void Waiters::wake_all() {
  while (!waiting_.empty()) wake_first();
}

}  // namespace plumb::net

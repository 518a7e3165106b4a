#include "probe/net/event.hpp"

namespace plumb::net {

asio::awaitable<bool> Event::wait(Time limit) {
  if (set_) co_return true;
  timer_.expires_at(limit);
  error_code ignored;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return set_;
}

asio::awaitable<bool> Waiters::wait(asio::any_io_executor executor, Event::Time limit) {
  Event woken(std::move(executor));
  waiting_.push_back(&woken);
  const bool in_time = co_await woken.wait(limit);
  if (!in_time) waiting_.remove(&woken);
  co_return in_time;
}

void Waiters::wake_first() {
  if (waiting_.empty()) return;
  Event* first = waiting_.front();
  waiting_.pop_front();
  first->set();
}

void Waiters::wake_all() {
  while (!waiting_.empty()) wake_first();
}

}  // namespace plumb::net

#include "probe/net/event.hpp"

namespace plumb::net {

asio::awaitable<bool> Event::wait(Time limit) {
  if (set_) co_return true;
  timer_.expires_at(limit);
  error_code ignored;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return set_;
}

}  // namespace plumb::net

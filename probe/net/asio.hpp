// The one place that includes Boost.Asio: Boost 1.74 needs <utility> first under GCC 12 with
// coroutines (reference: CONTRIBUTING.md, "Debian 12 and 13"). A rule test forbids direct includes
// elsewhere.
#pragma once

#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace plumb {
namespace asio = boost::asio;
using boost::system::error_code;
}  // namespace plumb

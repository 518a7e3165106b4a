// The one place that includes Boost.Asio: Boost 1.74 needs <utility> first under GCC 12 with
// coroutines (reference: CONTRIBUTING.md, "Debian 12 and 13"). A rule test forbids direct includes
// elsewhere.
#pragma once

#include <utility>

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
inline error_code system_error(int number) { return {number, asio::error::get_system_category()}; }
}  // namespace plumb

// What a probe waits for is on an io_context, and its type says so: for an executor that may be any,
// asio allocates and dispatches at each wake-up.
namespace plumb::net {

using Executor = asio::io_context::executor_type;
template <class T>
using awaitable = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> use_awaitable;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

}  // namespace plumb::net

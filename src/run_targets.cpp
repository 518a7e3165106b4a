#include "src/run_targets.hpp"

#include <exception>
#include <utility>

#include "checks/mysql/check.hpp"
#include "checks/session/check.hpp"
#include "probe/engine/plan.hpp"
#include "probe/engine/runner.hpp"
#include "probe/net/pace.hpp"
#include "src/judge.hpp"

namespace plumb {
namespace {

struct Batch {
  net::Network& network;
  const NextOrder& next;
  engine::Memory& memory;
  const EachReport& each;
  net::Pace pace;

  std::size_t workers = 0;         // still running
  bool ended = false;              // the list is
  std::exception_ptr broken = {};  // the first that a worker met

  std::optional<Order> take() {
    std::optional<Order> order;
    if (!ended && !broken) order = next();
    ended = ended || !order;
    return order;
  }
};

// When the rate and the room for TLS let it begin. This is nobody's time yet.
net::awaitable<net::Places::Place> admitted(Batch& batch, const engine::Plan& plan) {
  net::Places::Place place;
  if (plan.policy.tls != TlsMode::off)
    place = co_await batch.network.room(net::Network::Room::tls, net::Deadline::max());
  const auto now = net::Clock::now();
  const auto begin = batch.pace.next(now);
  if (begin > now) {
    const auto wait = std::chrono::duration_cast<Micros>(begin - now);
    co_await batch.network.pause(wait, net::Deadline::max());
  }
  co_return place;
}

net::awaitable<void> work(Batch& batch, std::optional<Order> order) {
  for (; order; order = batch.take()) {
    const engine::Plan plan = engine::make_plan(std::move(order->target), order->settings,
                                                mysql::mysql_check(), &session::session_check());
    const net::Places::Place place = co_await admitted(batch, plan);
    std::vector<Case> cases = co_await engine::run(plan, batch.network, batch.memory);
    for (Case& one : cases) batch.each(judge(std::move(one)), order->index);
  }
}

}  // namespace

NextOrder all_of(const std::vector<Target>& targets,
                 std::shared_ptr<const engine::Settings> settings) {
  return [&targets, settings = std::move(settings), at = std::size_t{0}]() mutable {
    std::optional<Order> order;
    if (at < targets.size()) order = Order{at, targets[at], settings};
    ++at;
    return order;
  };
}

void run_targets(asio::io_context& io, net::Network& network, const NextOrder& next,
                 const Room& room, engine::Memory& memory, const EachReport& each) {
  constexpr double kBurstSeconds = 0.1;
  constexpr std::size_t kAtATime = 64;
  Batch batch{network, next, memory, each,
              net::Pace(room.rate, static_cast<int>(room.rate * kBurstSeconds))};
  io.restart();
  for (std::size_t begun = 0; batch.workers < room.at_once; ++batch.workers) {
    // Those under way come first: on a host that is too slow for all at once, to whom all servers
    // would seem slow, fewer are.
    if (++begun % kAtATime == 0) {
      io.poll();
      io.restart();
    }
    std::optional<Order> first = batch.take();
    if (!first) break;
    asio::co_spawn(io, work(batch, std::move(first)), [&batch](const std::exception_ptr& broken) {
      --batch.workers;
      if (!batch.broken) batch.broken = broken;
    });
  }
  while (batch.workers > 0 && io.run_one() > 0) {
  }
  // Only now: the other workers refer to the batch, and their connections are owed an orderly end.
  if (batch.broken) std::rethrow_exception(batch.broken);
}

}  // namespace plumb

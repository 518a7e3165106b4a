#include "src/run_targets.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "checks/mysql/check.hpp"
#include "checks/session/check.hpp"
#include "probe/engine/plan.hpp"
#include "probe/engine/runner.hpp"
#include "src/judge.hpp"

namespace plumb {
namespace {

struct Batch {
  net::Network& network;
  const std::vector<Target>& targets;
  const engine::Settings& settings;
  engine::Memory& memory;
  const EachReport& each;

  std::size_t next = 0;        // to be started
  std::size_t next_shown = 0;  // to be handed out
  std::size_t workers = 0;     // still running
  std::vector<std::optional<std::vector<Report>>> done = {};
  std::exception_ptr broken = {};  // the first that a worker met

  void finish(std::size_t index, std::vector<Case> cases) {
    done[index].emplace();
    for (Case& one : cases) done[index]->push_back(judge(std::move(one)));
    for (; next_shown < done.size() && done[next_shown]; ++next_shown) {
      for (const Report& report : *done[next_shown]) each(report);
      done[next_shown]->clear();
    }
  }
};

net::awaitable<void> work(Batch& batch) {
  while (batch.next < batch.targets.size() && !batch.broken) {
    const std::size_t index = batch.next++;
    const engine::Plan plan = engine::make_plan(batch.targets[index], batch.settings,
                                                mysql::mysql_check(), &session::session_check());
    std::vector<Case> cases = co_await engine::run(plan, batch.network, batch.memory);
    batch.finish(index, std::move(cases));
  }
}

}  // namespace

void run_targets(asio::io_context& io, net::Network& network, const std::vector<Target>& targets,
                 const engine::Settings& settings, engine::Memory& memory, const EachReport& each) {
  Batch batch{network, targets, settings, memory, each};
  batch.done.resize(targets.size());
  batch.workers = std::min(kAtOnce, targets.size());
  for (std::size_t i = batch.workers; i > 0; --i)
    asio::co_spawn(io, work(batch), [&batch](const std::exception_ptr& broken) {
      --batch.workers;
      if (!batch.broken) batch.broken = broken;
    });
  io.restart();
  while (batch.workers > 0 && io.run_one() > 0) {
  }
  // Only now: the other workers refer to the batch, and their connections are owed an orderly end.
  if (batch.broken) std::rethrow_exception(batch.broken);
}

}  // namespace plumb

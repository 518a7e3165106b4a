// Probing from this host over real sockets, until a signal asks for the end. SIGINT and SIGTERM end
// a run within a second with what is known by then; a second signal ends the process.
//
// A fleet is cut into shards, one for each core: each has a thread, an io_context, a network with its
// DNS and its TLS, and goes through the list by itself, taking the targets that are its own. They
// share what is const, and the guards: how much a server has suffered and who is admitted to it is
// the process's matter, whichever shard comes there.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "probe/engine/memory.hpp"
#include "probe/engine/settings.hpp"
#include "probe/net/asio_network.hpp"
#include "src/collector.hpp"
#include "src/run_targets.hpp"

namespace plumb {

// How many shards serve that many targets here: a few targets are not worth a thread.
std::size_t shards_for(std::size_t targets);

// The list as shard number `shard` of `shards` goes through it: each target is one shard's.
using OrdersOf = std::function<NextOrder(std::size_t shard, std::size_t shards)>;

class HostProber {
 public:
  explicit HostProber(const engine::Settings& settings, std::size_t shards = 1);
  ~HostProber();

  // `tick` is called four times a second while targets are under way, as `each` by one at a time.
  void on_tick(std::function<void()> tick) { tick_ = std::move(tick); }
  // `each` is called by one shard at a time.
  void probe(const OrdersOf& orders, engine::Memory& memory, const EachReport& each);
  // Until `when`, or a signal.
  void sleep_until(net::Deadline when);
  bool interrupted() const { return interrupted_; }

 private:
  struct Shard;
  void watch_signals();
  void stop();
  void watch_over(Collector& collector, const std::function<void()>& first);
  void run_shard(std::size_t number, const OrdersOf& orders, engine::Memory& memory,
                 Collector& collector);
  static std::vector<std::unique_ptr<Shard>> make_shards(const engine::Settings& settings,
                                                         net::Guards& guards, std::size_t count);
  NextOrder until_interrupted(NextOrder next) const;

  net::Guards guards_;
  Room room_;  // of each shard
  std::vector<std::unique_ptr<Shard>> shards_;
  asio::signal_set signals_;
  net::Timer timer_;
  std::function<void()> tick_;
  engine::Memory* memory_ = nullptr;  // of the run under way
  std::atomic<bool> interrupted_{false};
};

}  // namespace plumb

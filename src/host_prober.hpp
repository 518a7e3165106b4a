// Probing from this host over real sockets, until a signal asks for the end. SIGINT and SIGTERM end
// a run within a second with what is known by then; a second signal ends the process.
#pragma once

#include <functional>
#include <utility>

#include "probe/engine/memory.hpp"
#include "probe/engine/settings.hpp"
#include "probe/net/asio_network.hpp"
#include "src/run_targets.hpp"

namespace plumb {

class HostProber {
 public:
  explicit HostProber(const engine::Settings& settings);

  // `tick` is called four times a second while targets are under way.
  void on_tick(std::function<void()> tick) { tick_ = std::move(tick); }
  void probe(const NextOrder& next, engine::Memory& memory, const EachReport& each);
  // Until `when`, or a signal.
  void sleep_until(net::Deadline when);
  bool interrupted() const { return interrupted_; }

 private:
  void watch_signals();
  void beat();

  asio::io_context io_{1};
  net::AsioNetwork network_;
  asio::signal_set signals_;
  asio::steady_timer timer_, beat_;
  std::function<void()> tick_;
  engine::Memory* memory_ = nullptr;  // of the run under way
  bool interrupted_ = false;
};

}  // namespace plumb

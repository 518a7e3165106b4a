#include "src/host_prober.hpp"

#include <csignal>

namespace plumb {

namespace {

constexpr std::size_t kAtOnce = 64;

std::optional<net::MetadataPlaces> places(const engine::Settings& settings) {
  if (!settings.metadata) return std::nullopt;
  return net::MetadataPlaces{};
}

}  // namespace

HostProber::HostProber(const engine::Settings& settings)
    : network_(io_, settings.source, settings.per_address, places(settings),
               settings.resolver_rate),
      signals_(io_, SIGINT, SIGTERM),
      timer_(io_) {
  watch_signals();
}

void HostProber::watch_signals() {
  signals_.async_wait([this](const error_code& error, int) {
    if (error) return;
    interrupted_ = true;
    network_.stop();
    if (memory_) memory_->stop();
    timer_.cancel();
    error_code ignored;
    signals_.clear(ignored);  // the next one has its default effect
  });
}

void HostProber::probe(const NextOrder& next, engine::Memory& memory, const EachReport& each) {
  memory_ = &memory;
  network_.forget_answers();
  run_targets(io_, network_, next, kAtOnce, memory, each);
  memory_ = nullptr;
}

void HostProber::sleep_until(net::Deadline when) {
  if (interrupted_) return;
  bool woken = false;
  timer_.expires_at(when);
  timer_.async_wait([&woken](const error_code&) { woken = true; });
  io_.restart();
  while (!woken && io_.run_one() > 0) {
  }
}

}  // namespace plumb

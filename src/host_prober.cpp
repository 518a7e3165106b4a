#include "src/host_prober.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <thread>
#include <utility>

namespace plumb {

namespace {

constexpr std::size_t kWorthAThread = 128;  // targets
constexpr std::chrono::milliseconds kTick{250}, kGlance{10};
// Of the process's descriptors: what DNS, sessions and files need, and each shard's loop.
constexpr rlim_t kDescriptorsElsewhere = 64, kDescriptorsOfALoop = 4;
// A closed connection keeps its port towards its peer for a minute.
constexpr double kPortsAMinute = 28'000.0 / 60;
// Of a thousand targets so many may be within TLS on one core.
constexpr double kTlsShare = 0.256;

std::optional<net::MetadataPlaces> places(const engine::Settings& settings) {
  if (!settings.metadata) return std::nullopt;
  return net::MetadataPlaces{};
}

// As many as the process may have: what it had at its start is often 1,024.
std::size_t raise_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  const rlim_t had = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = had;
  return std::min<rlim_t>(limit.rlim_cur, 1 << 20);
}

std::size_t share(double whole, std::size_t shards) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(whole / static_cast<double>(shards)));
}

int descriptors_of_each(std::size_t shards) {
  const std::size_t all = raise_descriptors();
  const std::size_t elsewhere = kDescriptorsElsewhere + kDescriptorsOfALoop * shards;
  const std::size_t ours = all - std::min<std::size_t>(all / 2, elsewhere);
  return static_cast<int>(std::max<std::size_t>(1, ours / shards));
}

Room room_of(const engine::Settings& settings, std::size_t shards) {
  Room room;
  room.at_once = share(settings.concurrency, shards);
  room.rate = settings.rate / static_cast<double>(shards);
  return room;
}

// Signals belong to the first shard, whose thread writes what the reports come to.
class NoSignals {
 public:
  NoSignals() {
    sigset_t ends{};
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &ends, &before_);
  }
  ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

std::size_t shards_for(std::size_t targets) {
  cpu_set_t ours;
  CPU_ZERO(&ours);
  const int cores = ::sched_getaffinity(0, sizeof ours, &ours) == 0 ? CPU_COUNT(&ours) : 1;
  return std::clamp<std::size_t>(targets / kWorthAThread, 1, static_cast<std::size_t>(cores));
}

struct HostProber::Shard {
  Shard(const engine::Settings& settings, net::Guards& guards)
      : network(io, settings.source, guards, places(settings)), beat(io) {}
  asio::io_context io{1};
  net::AsioNetwork network;
  net::Timer beat;
};

HostProber::HostProber(const engine::Settings& settings, std::size_t shards)
    : guards_(settings.per_address, std::min(settings.per_address_rate, kPortsAMinute)),
      room_(room_of(settings, shards)),
      shards_(make_shards(settings, guards_, shards)),
      signals_(shards_.front()->io, SIGINT, SIGTERM),
      timer_(shards_.front()->io) {
  watch_signals();
}

HostProber::~HostProber() = default;

std::vector<std::unique_ptr<HostProber::Shard>> HostProber::make_shards(
    const engine::Settings& settings, net::Guards& guards, std::size_t count) {
  guards.descriptors = descriptors_of_each(count);
  guards.with_tls = static_cast<int>(share(settings.concurrency * kTlsShare, 1));
  guards.resolver_rate = settings.resolver_rate / static_cast<double>(count);
  std::vector<std::unique_ptr<Shard>> shards;
  while (shards.size() < count) shards.push_back(std::make_unique<Shard>(settings, guards));
  return shards;
}

void HostProber::watch_signals() {
  signals_.async_wait([this](const error_code& error, int) {
    if (error) return;
    stop();
    error_code ignored;
    signals_.clear(ignored);  // the next one has its default effect
  });
}

void HostProber::stop() {
  interrupted_ = true;
  for (const auto& shard : shards_)
    asio::post(shard->io, [&network = shard->network] { network.stop(); });
  if (memory_) memory_->stop();
  timer_.cancel();
}

NextOrder HostProber::until_interrupted(NextOrder next) const {
  return [this, next = std::move(next)] { return interrupted_ ? std::optional<Order>() : next(); };
}

void HostProber::probe(const OrdersOf& orders, engine::Memory& memory, const EachReport& each) {
  memory_ = &memory;
  Collector collector(each, shards_.size());
  std::vector<std::thread> others;
  {
    const NoSignals inherited;
    for (std::size_t number = 1; number < shards_.size(); ++number)
      others.emplace_back([&, number] {
        run_shard(number, orders, memory, collector);
        collector.ended();
      });
  }
  watch_over(collector, [&] { run_shard(0, orders, memory, collector); });
  for (std::thread& other : others) other.join();
  memory_ = nullptr;
  collector.finish();
}

// The first shard's own targets, then, while others are under way, their reports and the signals.
void HostProber::watch_over(Collector& collector, const std::function<void()>& first) {
  Shard& shard = *shards_.front();
  const std::function<void()> beat = [&] {
    collector.hand_over();
    if (tick_) tick_();
    shard.beat.expires_after(kTick);
    shard.beat.async_wait([&beat](const error_code& error) {
      if (!error) beat();
    });
  };
  beat();
  first();
  collector.ended();
  shard.io.restart();
  while (collector.under_way()) {
    shard.io.run_one_for(kGlance);
    collector.hand_over();
  }
  shard.beat.cancel();
  shard.io.restart();
  shard.io.poll();  // its handler refers to what ends here
}

void HostProber::run_shard(std::size_t number, const OrdersOf& orders, engine::Memory& memory,
                           Collector& collector) {
  Shard& shard = *shards_[number];
  shard.network.forget_answers();
  const auto each = [&](Report&& report, std::size_t index) {
    collector.add(number, std::move(report), index);
  };
  try {
    run_targets(shard.io, shard.network, until_interrupted(orders(number, shards_.size())), room_,
                memory, each);
  } catch (...) {
    collector.broke(std::current_exception());
  }
}

void HostProber::sleep_until(net::Deadline when) {
  if (interrupted_) return;
  asio::io_context& io = shards_.front()->io;
  bool woken = false;
  timer_.expires_at(when);
  timer_.async_wait([&woken](const error_code&) { woken = true; });
  io.restart();
  while (!woken && io.run_one() > 0) {
  }
}

}  // namespace plumb

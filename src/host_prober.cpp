#include "src/host_prober.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace plumb {
namespace {

// epoll, timer, wake-up and the two ends of the signal pipe.
constexpr std::size_t kDescriptorsToStart = 5;

// asio takes its descriptors one after the other and does not unwind well in the middle: so all of
// them are asked for before it begins.
int one_thread_if_it_can_start() {
  std::array<int, kDescriptorsToStart> opened{};
  int error = 0;
  for (int& fd : opened)
    if ((fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) error = errno;
  for (const int fd : opened)
    if (fd >= 0) ::close(fd);
  if (error != 0)
    throw boost::system::system_error(error, boost::system::system_category(), "start");
  return 1;
}

}  // namespace

HostProber::HostProber(const engine::Settings& settings)
    : io_(one_thread_if_it_can_start()),
      network_(io_, settings.source, settings.per_address),
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

void HostProber::probe(const std::vector<Target>& targets, const engine::Settings& settings,
                       engine::Memory& memory, const EachReport& each) {
  memory_ = &memory;
  run_targets(io_, network_, targets, settings, memory, each);
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

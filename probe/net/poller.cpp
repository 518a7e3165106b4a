#include "probe/net/poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace plumb::net {

Poller::Poller(Executor executor) : set_(epoll_create1(EPOLL_CLOEXEC)), descriptor_(executor) {
  error_code failed = system_error(errno);
  if (set_ >= 0) descriptor_.assign(set_, failed);
  if (!descriptor_.is_open()) {
    if (set_ >= 0) ::close(set_);
    throw boost::system::system_error(failed, "epoll");
  }
}

int Poller::add(int fd, Line& line) {
  if (free_.empty()) {
    free_.push_back(static_cast<Line>(lines_.size()));
    lines_.emplace_back();
  }
  const Line place = free_.back();
  Entry& entry = lines_[place];
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = (std::uint64_t{entry.generation} << 32) | place;
  if (epoll_ctl(set_, EPOLL_CTL_ADD, fd, &event) != 0) return errno;
  free_.pop_back();
  entry.readable = entry.writable = entry.ended = false;
  line = place;
  return 0;
}

// The kernel forgets it when it is closed.
void Poller::remove(Line line) {
  ++lines_[line].generation;
  free_.push_back(line);
}

bool Poller::take(Entry& entry, What what) {
  if (what == What::write) return std::exchange(entry.writable, false);
  return std::exchange(entry.readable, entry.ended);
}

// What asio calls to begin a sleep, with what is to be called at its end.
class Poller::Sleep {
 public:
  Sleep(Poller& poller, Line line, What what) : poller_(poller), line_(line), what_(what) {}
  template <class Handler>
  void operator()(Handler&& handler) const {
    struct Asleep : Sleeper {
      explicit Asleep(Handler&& then) : handler(std::move(then)) {}
      void wake(bool ready) override { std::move(handler)(ready); }
      std::decay_t<Handler> handler;
    };
    Entry& entry = poller_.lines_[line_];
    entry.wanted = what_;
    entry.sleeper = std::make_unique<Asleep>(std::forward<Handler>(handler));
    ++poller_.sleeping_;
    poller_.arm();
  }

 private:
  Poller& poller_;
  Line line_;
  What what_;
};

awaitable<bool> Poller::sleep(Line line, What what) {
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(bool)>(
      Sleep(*this, line, what), use_awaitable);
}

std::unique_ptr<Poller::Sleeper> Poller::rouse(Entry& entry) {
  --sleeping_;
  return std::move(entry.sleeper);
}

void Poller::cancel(Line line) {
  Entry& entry = lines_[line];
  if (!entry.sleeper) return;
  // Not from within what cancels it, which may be part of what it will destroy.
  asio::post(descriptor_.get_executor(),
             [sleeper = std::shared_ptr<Sleeper>(rouse(entry))] { sleeper->wake(false); });
  if (sleeping_ > 0 || state_ != State::armed) return;
  // Or the loop would go on for nobody.
  ++armed_;
  state_ = State::idle;
  descriptor_.cancel();
}

void Poller::arm() {
  if (state_ != State::idle || sleeping_ == 0) return;
  state_ = State::armed;
  descriptor_.async_wait(Descriptor::wait_read,
                         [self = std::weak_ptr(self_), mine = ++armed_](const error_code& error) {
                           const auto still = self.lock();
                           if (still && !error && mine == (*still)->armed_) (*still)->turn();
                         });
}

void Poller::turn() {
  std::array<epoll_event, 256> events{};
  state_ = State::turning;
  const int count = epoll_wait(set_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) tell(events[static_cast<std::size_t>(i)]);
  state_ = State::idle;
  arm();
}

void Poller::tell(const epoll_event& event) {
  constexpr std::uint32_t kEnd = EPOLLRDHUP | EPOLLHUP;
  Entry& entry = lines_[static_cast<Line>(event.data.u64)];
  if (entry.generation != event.data.u64 >> 32) return;  // closed by one who was told before
  if (event.events & (kEnd | EPOLLIN | EPOLLERR)) entry.readable = true;
  if (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) entry.writable = true;
  if (event.events & kEnd) entry.ended = true;
  if (entry.sleeper && take(entry, entry.wanted)) rouse(entry)->wake(true);
}

}  // namespace plumb::net

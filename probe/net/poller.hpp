// When the connections of one thread may be read and written. asio tells the kernel anew what it
// waits for (epoll_ctl) at each wait, and a probe waits four times. Here a socket is registered once,
// edge-triggered, in an epoll set of our own, of which asio knows one descriptor.
//
// An edge is told once, so what came while nobody waited is kept as a flag, which the next wait
// takes. Three rules make sure that nothing is waited for in vain:
// - whoever waited looks before he waits again: between the two, whatever comes is an edge;
// - who read as much as he had room for says so (read_on), for the rest is no edge (nor is what
//   follows urgent data, which no such server sends);
// - the peer's end may come in one edge with its last bytes: it is kept for good.
//
// Whoever is woken goes on within the poller's turn; who is cancelled, in a turn of his own. Not
// thread-safe; one per shard, which outlives its sockets. Source: epoll(7), "Level-triggered and edge-triggered".
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "probe/net/asio.hpp"

namespace plumb::net {

class Poller {
 public:
  enum class What : std::uint8_t { read, write };
  using Line = std::uint32_t;  // a socket's place here
  static constexpr Line kNone = UINT32_MAX;

  explicit Poller(Executor executor);  // throws system_error: for want of a descriptor
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  int add(int fd, Line& line);  // 0 or an errno
  void remove(Line line);       // before its descriptor is closed
  // Whether it is ready; then that is taken. If not, one at a time may sleep until it is; false:
  // cancelled.
  bool take(Line line, What what) { return take(lines_[line], what); }
  awaitable<bool> sleep(Line line, What what);
  void read_on(Line line) { lines_[line].readable = true; }
  void cancel(Line line);

 private:
  struct Sleeper {
    virtual ~Sleeper() = default;
    virtual void wake(bool ready) = 0;
  };
  struct Entry {
    std::uint32_t generation = 0;  // of those who had the place one after the other
    What wanted = What::read;
    bool readable = false, writable = false, ended = false;
    std::unique_ptr<Sleeper> sleeper;
  };
  class Sleep;
  static bool take(Entry& entry, What what);
  std::unique_ptr<Sleeper> rouse(Entry& entry);
  void tell(const epoll_event& event);
  void arm();
  void turn();

  int set_;
  Descriptor descriptor_;
  std::deque<Entry> lines_;
  std::vector<Line> free_;
  std::size_t sleeping_ = 0;
  std::uint64_t armed_ = 0;  // how often, the current time included
  // For a handler that is already queued when the poller goes.
  std::shared_ptr<Poller*> self_ = std::make_shared<Poller*>(this);
  enum class State : std::uint8_t { idle, armed, turning } state_ = State::idle;
};

}  // namespace plumb::net

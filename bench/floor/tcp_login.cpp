// The floor of a probe without TLS: connect, greeting, anonymous login, ERR, our side closed, EOF, close. Raw
// epoll with as many in flight as plumb has. Nine calls a probe and its share of epoll_wait: socket, connect,
// epoll_ctl, read, write, read, shutdown, read, close.
//
// How a connect went is not asked, the greeting's read says it. The order at the end is what doing no harm
// demands (design §1.2): the login is read to its end, then the connection closed by both sides.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "bench/addresses.hpp"
#include "bench/floor/floor.hpp"

namespace plumb::bench {
namespace {

enum class Stage { greeting, refusal, end };

struct Slot {
  int fd = -1;
  Stage stage = Stage::greeting;
};

class Floor {
 public:
  explicit Floor(const Words& words)
      : words_(words), bytes_(client_bytes(false)), slots_(words.in_flight) {}

  void run() {
    for (std::uint32_t slot = 0; slot < slots_.size() && begun_ < words_.probes; ++slot)
      begin(slot);
    std::array<epoll_event, 256> events{};
    while (ended_ < words_.probes) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10'000);
      if (count <= 0) give_up("epoll_wait");
      for (int i = 0; i < count; ++i) go_on(events[static_cast<std::size_t>(i)].data.u32);
    }
  }

 private:
  void begin(std::uint32_t number) {
    Slot& slot = slots_[number];
    slot.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const sockaddr_in to = socket_address(address_of(begun_++), words_.port);
    if (slot.fd < 0) give_up("socket");
    if (connect(slot.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
        errno != EINPROGRESS)
      give_up("connect");
    slot.stage = Stage::greeting;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = number;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.fd, &event) != 0) give_up("epoll_ctl");
  }

  void go_on(std::uint32_t number) {
    Slot& slot = slots_[number];
    for (;;) {
      const ssize_t count = read(slot.fd, buffer_.data(), buffer_.size());
      if (count < 0 && errno == EAGAIN) return;
      if (count < 0) give_up("read");
      if (slot.stage == Stage::end) {
        if (count == 0) break;
        continue;
      }
      // On loopback a packet of the server's arrives whole.
      const unsigned char expected = slot.stage == Stage::greeting ? 0x0a : 0xff;
      if (count < 5 || count != buffer_[0] + 4 || buffer_[4] != expected)
        give_up("another packet than expected");
      if (slot.stage == Stage::greeting) {
        if (write(slot.fd, bytes_.login.data(), bytes_.login.size()) < 0) give_up("write");
        slot.stage = Stage::refusal;
        return;
      }
      shutdown(slot.fd, SHUT_WR);
      slot.stage = Stage::end;
    }
    close(slot.fd);
    ++ended_;
    if (begun_ < words_.probes) begin(number);
  }

  Words words_;
  ClientBytes bytes_;
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Slot> slots_;
  std::uint32_t begun_ = 0, ended_ = 0;
  std::array<unsigned char, 4096> buffer_{};
};

}  // namespace
}  // namespace plumb::bench

int main(int argc, char** argv) {
  const plumb::bench::Words words = plumb::bench::read_words(argc, argv, false);
  plumb::bench::Floor floor(words);
  const plumb::bench::Meter meter;
  floor.run();
  meter.report(words.probes);
  return 0;
}

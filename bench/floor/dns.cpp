// The floor of a DNS question: distinct names, A and AAAA of each, one connected UDP socket, as many
// questions in flight as plumb has, raw epoll. The question is plumb's (EDNS of 1232 bytes),
// patched in place; of the answer the id, the code and the echoed question are looked at, for a resolver
// that mixes them up would make a quicker loop than one that works.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "bench/addresses.hpp"
#include "bench/floor/floor.hpp"

namespace plumb::bench {
namespace {

// id, RD, 1 question, 1 additional | t0000000.bench.example, type, IN | OPT, 1232
constexpr char kQuestion[] =
    "\0\0\x01\0\0\x01\0\0\0\0\0\x01"
    "\x08t0000000\x05"
    "bench\x07"
    "example\0\0\x01\0\x01"
    "\0\0\x29\x04\xd0\0\0\0\0\0\0";
constexpr std::size_t kSize = sizeof kQuestion - 1;
constexpr std::size_t kEndOfQuestion = kSize - 11;
constexpr std::size_t kType = kEndOfQuestion - 3;
constexpr std::size_t kName = 12;

class Floor {
 public:
  explicit Floor(const Words& words) : words_(words) {
    std::memcpy(question_.data(), kQuestion, kSize);
    // The usual 208 KiB hold some 250 answers.
    const int size = 4 * 1024 * 1024;
    if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    const sockaddr_in to = socket_address(INADDR_LOOPBACK, words.port);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      give_up("connect");
    epoll_event event{};
    event.events = EPOLLIN;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) != 0) give_up("epoll_ctl");
  }

  void run() {
    while (asked_ < words_.probes && asked_ < words_.in_flight) ask();
    epoll_event event{};
    while (answered_ < words_.probes) {
      if (epoll_wait(epoll_, &event, 1, 10'000) != 1) give_up("a question without an answer");
      for (;;) {
        const ssize_t count = recv(socket_, answer_.data(), answer_.size(), 0);
        if (count < 0 && errno == EAGAIN) break;
        if (count < 0) give_up("recv");
        take(static_cast<std::size_t>(count));
        if (asked_ < words_.probes) ask();
      }
    }
  }

 private:
  // The question of that number: names in turn, A then AAAA. The number is the id too.
  void write_question(std::uint32_t number) {
    question_[0] = static_cast<unsigned char>(number >> 8);
    question_[1] = static_cast<unsigned char>(number);
    question_[kType] = number % 2 == 0 ? 1 : 28;
    std::uint32_t rest = number / 2;
    for (std::size_t at = kName + 1 + kDigits; at > kName + 1; --at, rest /= 10)
      question_[at] = static_cast<unsigned char>('0' + rest % 10);
  }

  void ask() {
    write_question(asked_++);
    if (send(socket_, question_.data(), kSize, 0) < 0) give_up("send");
  }

  void take(std::size_t size) {
    // Fewer than 65,536 are in flight: the id says which of the last so many it was.
    const std::uint32_t id = answer_[0] * 256u + answer_[1];
    const std::uint32_t number = asked_ - 1 - ((asked_ - 1 - id) & 0xffffu);
    write_question(number);
    const bool same = size >= kEndOfQuestion &&
                      std::memcmp(&answer_[kName], &question_[kName], kEndOfQuestion - kName) == 0;
    const unsigned answers = answer_[7];
    if (!same || (answer_[3] & 0x0f) != 0 || answers != (number % 2 == 0 ? 1u : 0u))
      give_up("a wrong answer");
    ++answered_;
  }

  Words words_;
  int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::uint32_t asked_ = 0, answered_ = 0;
  std::array<unsigned char, kSize> question_{};
  std::array<unsigned char, 1500> answer_{};
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

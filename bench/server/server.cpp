#include "bench/server/server.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "bench/server/dns_reply.hpp"

namespace plumb::bench {
namespace {

constexpr int kBacklog = 4096;

}  // namespace

Server::Server(Shape shape, KeyType type)
    : certificates_(shape, type),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      doors_{Door{"mysql", Manner::mysql, listen_on_loopback(kBacklog)},
             Door{"tls", Manner::tls, listen_on_loopback(kBacklog)},
             Door{"stalled", Manner::stalled, listen_on_loopback(kBacklog)},
             Door{"stalled_tls", Manner::stalled_tls, listen_on_loopback(kBacklog)}},
      questions_(datagrams_on_loopback()) {
  for (const Door& door : doors_) watch(door.listener.get());
  watch(questions_.get());
  watch(STDIN_FILENO);
}

std::string Server::ports() const {
  nlohmann::json out;
  for (const Door& door : doors_) out[door.name] = port_of(door.listener);
  out["silent"] = silent_.port();
  out["dns"] = port_of(questions_);
  return out.dump();
}

void Server::watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
    throw std::system_error(errno, std::generic_category(),
                            "epoll_ctl (standard input must be a pipe)");
}

std::string Server::run(bool busy) {
  std::array<epoll_event, 256> events{};
  for (bool more = true; more;) {
    const int count =
        epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), busy ? 0 : -1);
    for (int i = 0; i < count && more; ++i)
      more = handle(events[static_cast<std::size_t>(i)].data.fd);
  }
  return nlohmann::json{{"accepted", counts_.accepted},
                        {"refused", counts_.refused},
                        {"dropped", counts_.dropped},
                        {"questions", counts_.questions}}
      .dump();
}

bool Server::handle(int fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index < conversations_.size() && conversations_[index]) {
    if (!conversations_[index]->go_on()) conversations_[index].reset();
    return true;
  }
  if (fd == STDIN_FILENO) {
    char ignored = 0;
    return read(fd, &ignored, 1) == 1;
  }
  if (fd == questions_.get()) answer_questions();
  for (const Door& door : doors_)
    if (fd == door.listener.get()) admit(door);
  return true;
}

void Server::admit(const Door& door) {
  for (;;) {
    Descriptor socket(accept4(door.listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) return;
    const int fd = socket.get();
    const auto index = static_cast<std::size_t>(fd);
    if (conversations_.size() <= index) conversations_.resize(index + 1);
    watch(fd);
    conversations_[index] = std::make_unique<Conversation>(std::move(socket), door.manner,
                                                           certificates_.context(), counts_);
  }
}

void Server::answer_questions() {
  std::array<unsigned char, 1500> buffer{};
  for (;;) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    auto* address = reinterpret_cast<sockaddr*>(&from);
    const ssize_t count =
        recvfrom(questions_.get(), buffer.data(), buffer.size(), 0, address, &size);
    if (count < 0) return;
    ++counts_.questions;
    const std::size_t answer = answer_in_place(buffer, static_cast<std::size_t>(count));
    if (answer > 0) sendto(questions_.get(), buffer.data(), answer, 0, address, size);
  }
}

}  // namespace plumb::bench

#include "tests/support/routed_path.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace plumb::test {
namespace {

// Of the calling thread, whatever thread that is.
int current_namespace() { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

bool run(const std::string& commands) {
  const std::string command = "exec 2>/dev/null; set -e; PATH=$PATH:/usr/sbin:/sbin; " + commands;
  return std::system(command.c_str()) == 0;
}

}  // namespace

RoutedPath::RoutedPath() : home_(current_namespace()) {
  if (geteuid() != 0) missing_ = "root, for network namespaces";
  if (missing_.empty() && !run("command -v ip >/dev/null; command -v nft >/dev/null"))
    missing_ = "ip or nft (packages iproute2, nftables)";
  for (int& place : places_) {
    if (!missing_.empty()) return;
    if (unshare(CLONE_NEWNET) != 0) missing_ = "the right to make network namespaces";
    place = current_namespace();
    // An address that is checked for twins first is no use for a second or two.
    run("echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
    setns(home_, CLONE_NEWNET);
  }
  build();
}

RoutedPath::~RoutedPath() {
  for (const int place : places_)
    if (place >= 0) close(place);
  close(home_);
}

void RoutedPath::link(Place left, Place right, int number) {
  const std::string n = std::to_string(number);
  const std::string peer =
      "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(places_[right]);
  const auto dress = [&n](const std::string& device, const std::string& last) {
    return "ip address add 10.99." + n + "." + last + "/24 dev " + device +
           "; ip -6 address add fd99:" + n + "::" + last + "/64 dev " + device +
           " nodad; ip link set " + device + " up; ip link set lo up";
  };
  const bool linked = shell(left, "ip link add right type veth peer name left netns " + peer) &&
                      shell(left, dress("right", "1")) && shell(right, dress("left", "2"));
  if (!linked) missing_ = "veth links between network namespaces";
}

void RoutedPath::build() {
  link(client, near, 1);
  link(near, far, 2);
  link(far, target, 3);
  const std::string forward =
      "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; ";
  const bool routed =
      shell(client, "ip route add default via 10.99.1.2; ip -6 route add default via fd99:1::2") &&
      shell(near, forward +
                      "ip route add 10.99.3.0/24 via 10.99.2.2; "
                      "ip -6 route add fd99:3::/64 via fd99:2::2") &&
      shell(far, forward +
                     "ip route add 10.99.1.0/24 via 10.99.2.1; "
                     "ip -6 route add fd99:1::/64 via fd99:2::1") &&
      shell(target, "ip route add default via 10.99.3.1; ip -6 route add default via fd99:3::1");
  // A link that came up is told to IPv6 up to a second later.
  const auto ready = [this](Place place, int links) {
    return shell(place, "i=0; until [ $(ip -6 address show scope link | grep -c fe80) = " +
                            std::to_string(links) +
                            " ]; do i=$((i+1)); [ $i -lt 200 ]; sleep 0.05; done");
  };
  const bool settled = ready(client, 1) && ready(near, 2) && ready(far, 2) && ready(target, 1);
  if (missing_.empty() && !settled) missing_ = "IPv6";
  if (missing_.empty() && !routed) missing_ = "forwarding in a network namespace";
}

void RoutedPath::in(Place place, const std::function<void()>& act) const {
  if (setns(places_[place], CLONE_NEWNET) != 0) return;
  act();
  setns(home_, CLONE_NEWNET);
}

bool RoutedPath::shell(Place place, const std::string& commands) const {
  bool done = false;
  in(place, [&] { done = run(commands); });
  return done;
}

int RoutedPath::listen(std::uint16_t port) const {
  int fd = -1;
  in(target, [&] {
    fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(port);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) return;
    ::listen(fd, 16);
  });
  return fd;
}

}  // namespace plumb::test

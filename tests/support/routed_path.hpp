// Client, two routers and a target, each in a network namespace of its own, linked in a row:
//
//   client 10.99.1.1 — 10.99.1.2 near router 10.99.2.1 — 10.99.2.2 far router 10.99.3.1 — 10.99.3.2
//
// (fd99:1::1 … alike). The namespaces have no name: they hang on descriptors of this process and go
// with it. Needs root, ip and nft; `missing()` says what lacks.
#pragma once

#include <array>
#include <functional>
#include <string>

namespace plumb::test {

class RoutedPath {
 public:
  enum Place { client, near, far, target };

  RoutedPath();
  ~RoutedPath();
  RoutedPath(const RoutedPath&) = delete;
  RoutedPath& operator=(const RoutedPath&) = delete;

  const std::string& missing() const { return missing_; }  // empty: it stands
  // In that namespace and on this thread.
  void in(Place place, const std::function<void()>& act) const;
  bool shell(Place place, const std::string& commands) const;
  // A listener in the target's namespace on both families; nobody accepts, the kernel does.
  int listen(std::uint16_t port) const;

 private:
  void link(Place left, Place right, int number);
  void build();
  int home_ = -1;
  std::array<int, 4> places_{-1, -1, -1, -1};
  std::string missing_;
};

}  // namespace plumb::test

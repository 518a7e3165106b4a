// What this host itself says about names: its name files, and what its getaddrinfo gives. What
// cannot be read counts as empty, as glibc does.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "probe/net/network.hpp"

namespace plumb::net {

struct NamePaths {
  std::string resolv_conf = "/etc/resolv.conf";
  std::string hosts = "/etc/hosts";
  std::string nsswitch = "/etc/nsswitch.conf";
  std::string upstreams =
      "/run/systemd/resolve/resolv.conf";  // read behind systemd-resolved's stub only
};
NameConfig read_name_config(const NamePaths& paths = {});

// getaddrinfo(3) cannot be cancelled, so it runs in a detached thread that nobody waits for: at the
// deadline the caller gets `gave_up` and the thread's answer is dropped, at exit the process leaves
// it behind. At most eight run at once in the process; beyond that the call gives up at once. The
// handler is called once, on the executor, unless that ends first.
using SystemLookup = std::function<SystemReply(const std::string& name)>;
SystemReply look_up_with_getaddrinfo(const std::string& name);
void ask_system(std::string name, Deadline deadline, Executor executor,
                std::function<void(SystemReply)> handler,
                SystemLookup lookup = look_up_with_getaddrinfo);

}  // namespace plumb::net

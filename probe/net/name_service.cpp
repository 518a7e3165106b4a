#include "probe/net/name_service.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "probe/net/small_file.hpp"
#include "probe/net/socket_address.hpp"

namespace plumb::net {
namespace {

constexpr int kMaxThreads = 8;

bool is_stub(const Endpoint& nameserver) {
  const std::string address = nameserver.address.to_string();
  return address == "127.0.0.53" || address == "127.0.0.54";
}

// Without a search line glibc searches the domain part of the host's name.
void add_default_search(wire::ResolvConf& conf) {
  std::array<char, 256> name{};
  if (!conf.search.empty() || ::gethostname(name.data(), name.size() - 1) != 0) return;
  const char* dot = std::strchr(name.data(), '.');
  if (dot != nullptr && dot[1] != '\0') conf.search.emplace_back(dot + 1);
}

std::string error_name(int code) {
  static constexpr std::array<std::pair<int, const char*>, 10> kNames{
      {{EAI_NONAME, "EAI_NONAME"},
       {EAI_AGAIN, "EAI_AGAIN"},
       {EAI_FAIL, "EAI_FAIL"},
       {EAI_FAMILY, "EAI_FAMILY"},
       {EAI_MEMORY, "EAI_MEMORY"},
       {EAI_SYSTEM, "EAI_SYSTEM"},
       {EAI_SERVICE, "EAI_SERVICE"},
       {-5, "EAI_NODATA"},  // GNU extensions: hidden without _GNU_SOURCE
       {-9, "EAI_ADDRFAMILY"},
       {EAI_OVERFLOW, "EAI_OVERFLOW"}}};
  for (const auto& [number, name] : kNames)
    if (number == code) return name;
  return "EAI_" + std::to_string(code);
}

// Threads of getaddrinfo that have not come back, in the whole process: they outlive whoever asked.
std::atomic<int>& running_threads() {
  static std::atomic<int> running{0};
  return running;
}

// Shared by the asker's executor and the thread. The thread may come back after the executor is
// gone, so it posts under the lock and only while the question is open; whatever ends it closes it.
struct SystemAsking {
  std::mutex mutex;
  std::optional<Executor> executor;          // empty: closed
  std::function<void(SystemReply)> handler;  // touched on the executor only
  std::shared_ptr<Timer> timer;              // touched on the executor only

  void close() {
    const std::lock_guard lock(mutex);
    executor.reset();
  }
  void end(SystemReply reply) {
    close();
    const auto once = std::exchange(handler, nullptr);
    if (const auto pending = std::exchange(timer, nullptr)) pending->cancel();
    if (once) once(std::move(reply));
  }
};

// Lives in the timer's handler and goes with it when the executor ends: what belongs to the
// executor must not stay with the thread.
struct ClosesAsking {
  explicit ClosesAsking(std::shared_ptr<SystemAsking> of) : asking(std::move(of)) {}
  ~ClosesAsking() {
    asking->close();
    asking->handler = nullptr;
    asking->timer = nullptr;
  }
  ClosesAsking(const ClosesAsking&) = delete;
  ClosesAsking& operator=(const ClosesAsking&) = delete;
  std::shared_ptr<SystemAsking> asking;
};

void run_lookup(const std::shared_ptr<SystemAsking>& asking, const std::string& name,
                const SystemLookup& lookup) {
  const auto started = Clock::now();
  SystemReply reply = lookup(name);
  reply.took = std::chrono::duration_cast<Micros>(Clock::now() - started);
  --running_threads();
  const std::lock_guard lock(asking->mutex);
  if (!asking->executor) return;
  asio::post(*asking->executor,
             [asking, reply = std::move(reply)]() mutable { asking->end(std::move(reply)); });
}

bool start_thread(const std::shared_ptr<SystemAsking>& asking, const std::string& name,
                  const SystemLookup& lookup) {
  if (++running_threads() <= kMaxThreads) {
    try {
      std::thread([asking, name, lookup] { run_lookup(asking, name, lookup); }).detach();
      return true;
    } catch (const std::system_error&) {  // no thread to be had: given up like the ninth
    }
  }
  --running_threads();
  return false;
}

}  // namespace

NameConfig read_name_config(const NamePaths& paths) {
  NameConfig config;
  const auto resolv = read_small_file(paths.resolv_conf);
  config.resolv_readable = resolv.has_value();
  config.resolv = wire::parse_resolv_conf(resolv.value_or(""));
  add_default_search(config.resolv);
  config.hosts = wire::parse_hosts(read_small_file(paths.hosts).value_or(""));
  config.nsswitch = wire::parse_nsswitch(read_small_file(paths.nsswitch).value_or(""));
  const auto& servers = config.resolv.nameservers;
  if (!servers.empty() && std::all_of(servers.begin(), servers.end(), is_stub)) {
    const auto behind = wire::parse_resolv_conf(read_small_file(paths.upstreams).value_or(""));
    for (const Endpoint& upstream : behind.nameservers)
      config.stub_upstreams.push_back(upstream.address);
  }
  return config;
}

SystemReply look_up_with_getaddrinfo(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  SystemReply reply;
  const int code = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (code != 0) {
    reply.error = error_name(code);
    return reply;
  }
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    const auto address = address_of(entry->ai_addr);
    const auto& known = reply.addresses;
    if (address && std::find(known.begin(), known.end(), *address) == known.end())
      reply.addresses.push_back(*address);
  }
  ::freeaddrinfo(list);
  return reply;
}

void ask_system(std::string name, Deadline deadline, Executor executor,
                std::function<void(SystemReply)> handler, SystemLookup lookup) {
  const auto asking = std::make_shared<SystemAsking>();
  asking->executor = executor;
  asking->handler = std::move(handler);
  asking->timer = std::make_shared<Timer>(executor, deadline);
  const auto started = Clock::now();
  const auto give_up = [asking, started] {
    SystemReply reply;
    reply.gave_up = true;
    reply.took = std::chrono::duration_cast<Micros>(Clock::now() - started);
    asking->end(std::move(reply));
  };
  if (!start_thread(asking, name, lookup)) return asio::post(executor, give_up);
  const auto closes = std::make_shared<ClosesAsking>(asking);
  asking->timer->async_wait([closes, give_up](const error_code&) { give_up(); });
}

}  // namespace plumb::net

#include "probe/net/resolver.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "probe/model/lowered.hpp"
#include "probe/net/dns_asking.hpp"
#include "probe/net/dns_window.hpp"

namespace plumb::net {
namespace {

std::size_t hash_of(const DnsQuestion& question) {
  return std::hash<std::string>()(question.name) + static_cast<std::size_t>(question.type);
}

}  // namespace

struct Resolver::Core : DnsAsking::Owner, std::enable_shared_from_this<Core> {
  struct Joined {
    Handler handler;
    Micros waited_before;  // by the question, when this one joined it
  };
  struct Open : DnsAsking {
    Open(Core& core, DnsQuestion asked, const Tries& tries, Time deadline, Time now,
         Handler handler_, std::size_t hash_)
        : DnsAsking(core.lines, core, std::move(asked), tries, deadline, now),
          handler(std::move(handler_)),
          hash(hash_) {}
    Handler handler;
    std::vector<Joined> joined;
    std::size_t hash;  // of the question
  };
  // By hash: one name has rarely more than its families at a few resolvers.
  using Opens = std::unordered_multimap<std::size_t, Open>;

  Core(Executor executor, std::optional<Address> source, double rate)
      : lines(std::move(executor), source, rate) {}

  Opens::iterator find(std::size_t hash, const auto& wanted) {
    const auto [first, last] = opens.equal_range(hash);
    const auto found =
        std::find_if(first, last, [&](const auto& entry) { return wanted(entry.second); });
    return found == last ? opens.end() : found;
  }

  // The handlers may do anything, also destroy the Resolver.
  void on_end(DnsAsking& asking, DnsReply&& reply, wire::View message) override {
    const auto self = shared_from_this();
    const auto at = find(static_cast<Open&>(asking).hash,
                         [&asking](const Open& other) { return &other == &asking; });
    const Opens::node_type taken_out = opens.extract(at);
    const Open& ended = taken_out.mapped();
    if (!message.empty()) window.keep(ended.question(), reply, message, ended.ended());
    if (ended.joined.empty()) return ended.handler(std::move(reply));
    ended.handler(DnsReply(reply));
    reply.shared = true;
    const Micros waited = reply.waited;
    for (const Joined& joined : ended.joined) {
      if (closed) return;
      reply.waited = waited - joined.waited_before;
      joined.handler(DnsReply(reply));
    }
  }

  bool closed = false;  // its Resolver is gone: nobody is told anything any more
  DnsLines lines;
  DnsWindow window;
  Opens opens;
};

Resolver::Resolver(Executor executor, std::optional<Address> source, double rate)
    : core_(std::make_shared<Core>(std::move(executor), source, rate)) {}

Resolver::~Resolver() {
  core_->closed = true;
  core_->opens.clear();
}

void Resolver::ask(DnsQuestion question, const Tries& tries, Time deadline, Handler handler) {
  lower(question.name);
  const auto now = Time::clock::now();
  if (auto known = core_->window.find(question, now)) {
    auto tell = [core = core_, known = *std::move(known), handler = std::move(handler)]() mutable {
      if (!core->closed) handler(std::move(known));
    };
    return asio::post(core_->lines.executor, std::move(tell));
  }
  const std::size_t hash = hash_of(question);
  const auto same = core_->find(
      hash, [&](const Core::Open& open) { return open.stands_for(question, tries, deadline); });
  if (same != core_->opens.end()) {
    Core::Open& open = same->second;
    open.joined.push_back({std::move(handler), open.waited()});
    return;
  }
  const auto open =
      core_->opens.emplace(std::piecewise_construct, std::forward_as_tuple(hash),
                           std::forward_as_tuple(*core_, std::move(question), tries, deadline, now,
                                                 std::move(handler), hash));
  open->second.start();
}

void Resolver::stop() {
  const auto core = core_;
  while (!core->opens.empty()) core->opens.begin()->second.cancel();
}

void Resolver::forget() { core_->window.clear(); }

}  // namespace plumb::net

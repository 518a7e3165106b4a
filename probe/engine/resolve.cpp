#include "probe/engine/resolve.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "probe/engine/application_view.hpp"
#include "probe/net/event.hpp"

namespace plumb::engine {
namespace {

using net::Clock;
using std::chrono::duration_cast;
using wire::DnsType;

constexpr std::size_t kMaxNames = 6;  // of a search list
constexpr std::size_t kMaxResolvers =
    8;  // a resolv.conf of hundreds is somebody's mistake, not ours to send to

// Three tries at 0.4, 0.8 and 1.6 s of a budget of 10 s, scaled down with a smaller one.
std::vector<Micros> tries_of(std::chrono::milliseconds timeout) {
  const auto first = std::min<Micros>(std::chrono::milliseconds(400), Micros(timeout) / 25);
  return {first, 2 * first, 4 * first};
}

class Resolve {
 public:
  Resolve(const Plan& plan, net::Network& network, net::Deadline deadline)
      : plan_(plan),
        network_(network),
        config_(network.name_config()),
        tries_(tries_of(plan.settings->timeout)) {
    const auto share = Clock::now() + plan.settings->timeout * 3 / 10;
    limit_ = std::min(deadline, share);
    if (!plan.settings->resolvers.empty()) {
      net::NameConfig given = *config_;
      given.resolv.nameservers = plan.settings->resolvers;
      given.stub_upstreams.clear();
      config_ = std::make_shared<net::NameConfig>(std::move(given));
    }
    resolvers_ = resolvers_in_use(*config_);
    for (const Address& upstream : config_->stub_upstreams) add_resolver({upstream, 53});
    if (plan.settings->vpc_resolver) add_resolver(*plan.settings->vpc_resolver);
  }

  net::awaitable<Resolved> all();

 private:
  using Asked = std::tuple<Endpoint, std::string, DnsType>;
  void add_resolver(const Endpoint& resolver) {
    if (resolvers_.size() < kMaxResolvers &&
        std::count(resolvers_.begin(), resolvers_.end(), resolver) == 0)
      resolvers_.push_back(resolver);
  }
  net::awaitable<void> ask(std::vector<std::string> names);
  net::awaitable<void> ask_one(Asked question, net::DnsReply& reply);
  NameView view() const;
  void follow_system(NameView& view, const net::SystemReply& system) const;
  Resolved collect(const NameView& view, const std::optional<net::SystemReply>& system,
                   Micros took) const;
  const net::DnsReply* reply(const Endpoint& resolver, const std::string& name,
                             DnsType type) const {
    const auto at = replies_.find({resolver, name, type});
    return at == replies_.end() ? nullptr : &at->second;
  }

  const Plan& plan_;
  net::Network& network_;
  std::shared_ptr<const net::NameConfig> config_;
  std::vector<Micros> tries_;
  net::Deadline limit_;
  std::vector<Endpoint> resolvers_;
  std::vector<std::string> asked_;  // names, in order
  std::map<Asked, net::DnsReply> replies_;
};

net::awaitable<void> Resolve::ask_one(Asked question, net::DnsReply& reply) {
  net::DnsQuestion wanted{std::get<0>(question), std::get<1>(question), std::get<2>(question)};
  reply = co_await network_.ask(std::move(wanted), tries_, limit_);
}

net::awaitable<void> Resolve::ask(std::vector<std::string> names) {
  std::vector<std::pair<Asked, net::DnsReply*>> questions;
  for (const std::string& name : names) {
    asked_.push_back(name);
    for (const Endpoint& resolver : resolvers_)
      for (const DnsType type : {DnsType::a, DnsType::aaaa}) {
        if (type == DnsType::a ? !plan_.settings->ipv4 : !plan_.settings->ipv6) continue;
        const Asked key{resolver, name, type};
        questions.emplace_back(key, &replies_[key]);
      }
  }
  if (questions.empty()) co_return;
  net::Event done(network_.executor());
  std::size_t left = questions.size();
  for (auto& [key, reply] : questions)
    asio::co_spawn(network_.executor(), ask_one(key, *reply),
                   [&left, &done](const std::exception_ptr&) {
                     if (--left == 0) done.set();
                   });
  co_await done.wait();
}

NameView Resolve::view() const {
  const auto lookup = [this](const Endpoint& resolver, const std::string& name, DnsType type) {
    return reply(resolver, name, type);
  };
  return derive(*config_, plan_.target.host, lookup, plan_.settings->ipv4, plan_.settings->ipv6);
}

// A source of nsswitch.conf that is not followed here knows the name: what the application gets is
// then the system's answer.
void Resolve::follow_system(NameView& view, const net::SystemReply& system) const {
  if (!view.addresses.empty()) return;
  for (const Address& address : system.addresses)
    if (address.is_v4() ? plan_.settings->ipv4 : plan_.settings->ipv6)
      view.addresses.push_back(address);
  if (view.addresses.empty()) return;
  view.failure.reset();
  view.raw.clear();
  view.source.clear();
  view.resolver.reset();
}

Resolved Resolve::collect(const NameView& view, const std::optional<net::SystemReply>& system,
                          Micros took) const {
  Resolved resolved;
  for (const std::string& name : asked_)
    for (const Endpoint& resolver : resolvers_)
      for (Observation& observation :
           resolve_observations(resolver, name, reply(resolver, name, DnsType::a),
                                reply(resolver, name, DnsType::aaaa)))
        resolved.observations.push_back(std::move(observation));
  resolved.observations.push_back(
      view_observation(*config_, view, plan_.target.host, system, took));
  resolved.decisive = static_cast<int>(resolved.observations.size());
  resolved.addresses = view.addresses;
  return resolved;
}

net::awaitable<Resolved> Resolve::all() {
  const auto began = Clock::now();
  std::vector<std::string> names = names_to_ask(*config_, plan_.target.host);
  if (names.size() > kMaxNames) names.resize(kMaxNames);
  std::vector<std::string> rest;
  if (names.size() > 1) rest.assign(names.begin() + 1, names.end());
  names.resize(std::min<std::size_t>(names.size(), 1));
  co_await ask(std::move(names));
  // The other names of the search list matter only where the first gave nothing.
  if (view().addresses.empty() && !rest.empty()) co_await ask(std::move(rest));
  NameView result = view();
  std::optional<net::SystemReply> system;
  if (result.ask_system) {
    std::string host = plan_.target.host;
    system = co_await network_.ask_system(std::move(host), limit_);
    if (plan_.settings->resolvers.empty()) follow_system(result, *system);
  }
  co_return collect(result, system, duration_cast<Micros>(Clock::now() - began));
}

}  // namespace

net::awaitable<Resolved> resolve(const Plan& plan, net::Network& network, net::Deadline deadline) {
  if (plan.settings->connect_to) co_return Resolved{{}, 0, {*plan.settings->connect_to}};
  if (const auto literal = plan.target.literal()) co_return Resolved{{}, 0, {*literal}};
  Resolve whole(plan, network, deadline);
  co_return co_await whole.all();
}

}  // namespace plumb::engine

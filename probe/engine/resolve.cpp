#include "probe/engine/resolve.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "probe/engine/application_view.hpp"

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
        given_(!plan.settings->resolvers.empty()),
        used_(given_ ? first_three(plan.settings->resolvers) : resolvers_in_use(*config_)),
        resolvers_(used_),
        tries_(tries_of(plan.settings->timeout)) {
    const auto share = Clock::now() + plan.settings->timeout * 3 / 10;
    limit_ = std::min(deadline, share);
    for (const Address& upstream : upstreams()) add_resolver({upstream, 53});
    if (plan.settings->vpc_resolver) add_resolver(*plan.settings->vpc_resolver);
  }

  net::awaitable<Resolved> all();

 private:
  struct Answer {
    Endpoint resolver;
    std::size_t name = 0;  // its place in asked_
    DnsType type = DnsType::a;
    net::DnsReply reply;
  };
  // Whoever names resolvers on the command line asks nobody behind them.
  std::span<const Address> upstreams() const {
    return given_ ? std::span<const Address>() : config_->stub_upstreams;
  }
  void add_resolver(const Endpoint& resolver) {
    if (resolvers_.size() < kMaxResolvers &&
        std::count(resolvers_.begin(), resolvers_.end(), resolver) == 0)
      resolvers_.push_back(resolver);
  }
  net::awaitable<void> ask(std::vector<std::string> names);
  NameView view() const;
  void follow_system(NameView& view, const net::SystemReply& system) const;
  Resolved collect(const NameView& view, const std::optional<net::SystemReply>& system,
                   Micros took) const;
  const net::DnsReply* reply(const Endpoint& resolver, const std::string& name,
                             DnsType type) const {
    for (const Answer& answer : answers_)
      if (answer.resolver == resolver && answer.type == type && asked_[answer.name] == name)
        return &answer.reply;
    return nullptr;
  }

  const Plan& plan_;
  net::Network& network_;
  std::shared_ptr<const net::NameConfig> config_;
  bool given_;                       // by --resolver
  std::vector<Endpoint> used_;       // by the application
  std::vector<Endpoint> resolvers_;  // that are asked
  std::vector<Micros> tries_;
  net::Deadline limit_;
  Micros waited_{0};                // for the resolvers' rate
  std::vector<std::string> asked_;  // names, in order
  std::vector<Answer> answers_;
};

// All resolvers, both families, at once.
net::awaitable<void> Resolve::ask(std::vector<std::string> names) {
  const std::size_t first = answers_.size();
  std::vector<net::DnsQuestion> questions;
  const std::size_t most = names.size() * resolvers_.size() * 2;
  questions.reserve(most);
  answers_.reserve(first + most);
  for (std::string& name : names) {
    for (const Endpoint& resolver : resolvers_)
      for (const DnsType type : {DnsType::a, DnsType::aaaa}) {
        if (type == DnsType::a ? !plan_.settings->ipv4 : !plan_.settings->ipv6) continue;
        answers_.push_back({resolver, asked_.size(), type, {}});
        questions.push_back({resolver, name, type});
      }
    asked_.push_back(std::move(name));
  }
  if (questions.empty()) co_return;
  std::vector<Micros> tries = tries_;
  std::vector<net::DnsReply> replies =
      co_await network_.ask(std::move(questions), std::move(tries), limit_);
  Micros waited{0};
  for (std::size_t i = 0; i < replies.size(); ++i) {
    waited = std::max(waited, replies[i].waited);
    answers_[first + i].reply = std::move(replies[i]);
  }
  waited_ += waited;
  limit_ += waited;
}

NameView Resolve::view() const {
  const auto lookup = [this](const Endpoint& resolver, const std::string& name, DnsType type) {
    return reply(resolver, name, type);
  };
  return derive(*config_, used_, plan_.target.host, lookup, plan_.settings->ipv4,
                plan_.settings->ipv6);
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
  resolved.observations.reserve(answers_.size() + 1);
  for (const std::string& name : asked_)
    for (const Endpoint& resolver : resolvers_)
      for (Observation& observation :
           resolve_observations(resolver, name, reply(resolver, name, DnsType::a),
                                reply(resolver, name, DnsType::aaaa)))
        resolved.observations.push_back(std::move(observation));
  resolved.observations.push_back(
      view_observation(upstreams(), view, plan_.target.host, system, took));
  resolved.decisive = static_cast<int>(resolved.observations.size());
  resolved.addresses = view.addresses;
  resolved.waited = waited_;
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
  NameView result = view();
  // The other names of the search list matter only where the first gave nothing.
  if (result.addresses.empty() && !rest.empty()) {
    co_await ask(std::move(rest));
    result = view();
  }
  std::optional<net::SystemReply> system;
  if (result.ask_system) {
    std::string host = plan_.target.host;
    system = co_await network_.ask_system(std::move(host), limit_);
    if (!given_) follow_system(result, *system);
  }
  const auto took = duration_cast<Micros>(Clock::now() - began) - waited_;
  co_return collect(result, system, took);
}

}  // namespace

net::awaitable<Resolved> resolve(const Plan& plan, net::Network& network, net::Deadline deadline) {
  Resolved known;
  if (const auto literal = plan.target.literal()) known.addresses = {*literal};
  if (plan.settings->connect_to) known.addresses = {*plan.settings->connect_to};
  if (!known.addresses.empty()) co_return known;
  Resolve whole(plan, network, deadline);
  co_return co_await whole.all();
}

}  // namespace plumb::engine

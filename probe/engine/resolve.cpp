#include "probe/engine/resolve.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "probe/engine/application_view.hpp"

namespace plumb::engine {
namespace {

using net::Clock;
using std::chrono::duration_cast;
using wire::DnsType;

constexpr std::size_t kStepsOfARoute = 4;  // connect, greeting, TLS, login: they follow
constexpr std::size_t kMaxNames = 6;       // of a search list
constexpr std::size_t kMaxResolvers =
    8;  // a resolv.conf of hundreds is somebody's mistake, not ours to send to

// Three tries at 0.4, 0.8 and 1.6 s of a budget of 10 s, scaled down with a smaller one.
net::Tries tries_of(std::chrono::milliseconds timeout) {
  const auto first = std::min<Micros>(std::chrono::milliseconds(400), Micros(timeout) / 25);
  return {first, 2 * first, 4 * first};
}

class Resolve {
 public:
  Resolve(const Plan& plan, net::Network& network, net::Deadline deadline)
      : plan_(plan),
        config_(network.name_config()),
        given_(!plan.settings->resolvers.empty()),
        resolvers_(given_ ? first_three(plan.settings->resolvers) : resolvers_in_use(*config_)),
        used_(resolvers_.size()),
        tries_(tries_of(plan.settings->timeout)) {
    limit_ = std::min<net::Deadline>(deadline, began_ + plan.settings->timeout * 3 / 10);
    names_ = names_to_ask(*config_, plan.target.host);
    if (names_.size() > kMaxNames) names_.resize(kMaxNames);
    for (const Address& upstream : upstreams()) add_resolver({upstream, 53});
    if (plan.settings->vpc_resolver) add_resolver(*plan.settings->vpc_resolver);
  }

  // What is to be asked next: all resolvers, both families, at once. Empty: nothing any more.
  std::vector<net::DnsQuestion> questions();
  const net::Tries& tries() const { return tries_; }
  net::Deadline limit() const { return limit_; }
  void take(std::vector<net::DnsReply> replies);
  bool asks_system() const { return view_.ask_system; }
  void take(net::SystemReply system);
  Resolved collect();

 private:
  // Whoever names resolvers on the command line asks nobody behind them.
  std::span<const Address> upstreams() const {
    return given_ ? std::span<const Address>() : config_->stub_upstreams;
  }
  void add_resolver(const Endpoint& resolver) {
    if (resolvers_.size() < kMaxResolvers &&
        std::count(resolvers_.begin(), resolvers_.end(), resolver) == 0)
      resolvers_.push_back(resolver);
  }
  NameView view() const;
  void follow_system();
  bool wants(DnsType type) const {
    return type == DnsType::a ? plan_.settings->ipv4 : plan_.settings->ipv6;
  }
  const net::DnsReply* reply(std::size_t resolver, std::size_t name, DnsType type) const;

  const Plan& plan_;
  const net::Deadline began_ = Clock::now();
  std::shared_ptr<const net::NameConfig> config_;
  bool given_;                       // by --resolver
  std::vector<Endpoint> resolvers_;  // that are asked
  std::size_t used_;                 // so many of them, the first, by the application
  net::Tries tries_;
  net::Deadline limit_;
  Micros waited_{0};                    // for the resolvers' rate
  std::vector<std::string> names_;      // that may be asked, in order
  std::size_t asked_ = 0;               // so many of them have been
  std::vector<net::DnsReply> replies_;  // so far: name by name, resolver by resolver, A and AAAA
  NameView view_;
  std::optional<net::SystemReply> system_;
};

// The other names of the search list matter only where the first gave nothing.
std::vector<net::DnsQuestion> Resolve::questions() {
  std::vector<net::DnsQuestion> questions;
  if (asked_ == names_.size() || !view_.addresses.empty()) return questions;
  const std::size_t end = asked_ == 0 ? std::min<std::size_t>(names_.size(), 1) : names_.size();
  questions.reserve((end - asked_) * resolvers_.size() * 2);
  for (; asked_ < end; ++asked_)
    for (const Endpoint& resolver : resolvers_)
      for (const DnsType type : {DnsType::a, DnsType::aaaa})
        if (wants(type)) questions.push_back({resolver, names_[asked_], type});
  if (questions.empty()) view_ = view();
  return questions;
}

void Resolve::take(std::vector<net::DnsReply> replies) {
  Micros waited{0};
  for (const net::DnsReply& reply : replies) waited = std::max(waited, reply.waited);
  if (replies_.empty())
    replies_ = std::move(replies);
  else
    std::ranges::move(replies, std::back_inserter(replies_));
  waited_ += waited;
  limit_ += waited;
  view_ = view();
}

const net::DnsReply* Resolve::reply(std::size_t resolver, std::size_t name, DnsType type) const {
  if (!wants(type)) return nullptr;
  const std::size_t types = wants(DnsType::a) && wants(DnsType::aaaa) ? 2 : 1;
  const std::size_t of_type = type == DnsType::aaaa ? types - 1 : 0;
  const std::size_t place = (name * resolvers_.size() + resolver) * types + of_type;
  return place < replies_.size() ? &replies_[place] : nullptr;
}

NameView Resolve::view() const {
  const auto lookup = [this](std::size_t resolver, std::size_t name, DnsType type) {
    return reply(resolver, name, type);
  };
  const auto used = std::span(resolvers_).first(used_);
  return derive(*config_, used, names_, plan_.target.host, lookup, plan_.settings->ipv4,
                plan_.settings->ipv6);
}

void Resolve::take(net::SystemReply system) {
  system_ = std::move(system);
  if (!given_) follow_system();
}

// A source of nsswitch.conf that is not followed here knows the name: what the application gets is
// then the system's answer.
void Resolve::follow_system() {
  if (!view_.addresses.empty()) return;
  for (const Address& address : system_->addresses)
    if (address.is_v4() ? plan_.settings->ipv4 : plan_.settings->ipv6)
      view_.addresses.push_back(address);
  if (view_.addresses.empty()) return;
  view_.failure.reset();
  view_.raw.clear();
  view_.source.clear();
  view_.resolver.reset();
}

Resolved Resolve::collect() {
  const auto took = duration_cast<Micros>(Clock::now() - began_) - waited_;
  Resolved resolved;
  resolved.observations.reserve(replies_.size() + 1 + kStepsOfARoute);
  for (std::size_t name = 0; name < asked_; ++name)
    for (std::size_t i = 0; i < resolvers_.size(); ++i)
      add_resolve_observations(resolvers_[i], names_[name], reply(i, name, DnsType::a),
                               reply(i, name, DnsType::aaaa), resolved.observations);
  resolved.addresses = view_.addresses;
  resolved.observations.push_back(
      view_observation(upstreams(), std::move(view_), plan_.target.host, system_, took));
  for (Observation& observation : resolved.observations) observation.n = ++resolved.decisive;
  resolved.waited = waited_;
  if (!replies_.empty()) resolved.resolvers = std::move(resolvers_);
  return resolved;
}

}  // namespace

net::awaitable<Resolved> resolve(const Plan& plan, net::Network& network, net::Deadline deadline) {
  Resolved known;
  if (const auto literal = plan.target.literal()) known.addresses = {*literal};
  if (plan.settings->connect_to) known.addresses = {*plan.settings->connect_to};
  if (!known.addresses.empty()) co_return known;
  Resolve whole(plan, network, deadline);
  for (;;) {
    std::vector<net::DnsQuestion> questions = whole.questions();
    if (questions.empty()) break;
    net::Tries tries = whole.tries();
    std::vector<net::DnsReply> replies =
        co_await network.ask(std::move(questions), std::move(tries), whole.limit());
    whole.take(std::move(replies));
  }
  if (whole.asks_system()) {
    std::string host = plan.target.host;
    net::SystemReply system = co_await network.ask_system(std::move(host), whole.limit());
    whole.take(std::move(system));
  }
  co_return whole.collect();
}

}  // namespace plumb::engine

#include "probe/engine/runner.hpp"

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>
#include <utility>

#include "probe/engine/followups.hpp"
#include "probe/engine/password_gate.hpp"
#include "probe/engine/resolve.hpp"
#include "probe/engine/route.hpp"
#include "probe/engine/session_gate.hpp"
#include "probe/model/keys.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::engine {
namespace {

using net::Clock;

constexpr std::chrono::milliseconds kOtherPortGrace{300};
// A way that has not come on for so long is looked into; no deadline makes it shorter.
constexpr std::chrono::milliseconds kShortestPatience{300};

// What the kernel has counted since `before`, of all that this host sent. Without a counter, or
// where the kernel began to count anew: nothing.
void count_since(const std::optional<net::SynCounters>& before,
                 const std::optional<net::SynCounters>& now, Facts& facts) {
  if (!before || !now) return;
  const std::int64_t resent = now->resent - before->resent, unsent = now->unsent - before->unsent;
  if (resent < 0 || unsent < 0) return;
  facts.set(key::local_syns_resent, resent);
  facts.set(key::local_resends_failed, unsent);
}

// Whose roots a file holds can be told without a handshake.
void note_trust(const wire::Trust& trust, Facts& facts) {
  facts.set(key::tls_trust, trust.label());
  facts.set(key::tls_trust_count, std::int64_t{trust.count()});
  facts.set(key::tls_trust_subjects, trust.subjects());
}

// An observation of what this host has to send from: only where something failed, never on the
// healthy path. `before`: the counters when a silence began.
Observation local_view(const Plan& plan, net::Network& network,
                       const std::optional<net::SynCounters>& before) {
  const net::Locality locality = network.locality();
  const auto names = network.name_config();
  const Settings& settings = *plan.settings;
  const bool goes_by_resolv_conf =
      settings.resolvers.empty() && !settings.connect_to && !plan.target.literal();
  Observation observation;
  observation.phase = Phase::local;
  if (goes_by_resolv_conf) observation.facts.set(key::local_resolv_conf, names->resolv_readable);
  if (plan.tls.trust && plan.tls.trust->is_file()) note_trust(*plan.tls.trust, observation.facts);
  count_since(before, locality.syns, observation.facts);
  if (!locality.known) return observation;
  std::vector<std::string> addresses, resolvers;
  for (const Address& address : locality.addresses) addresses.push_back(address.to_string());
  for (const Endpoint& resolver : names->resolv.nameservers)
    resolvers.push_back(resolver.to_string());
  observation.facts.set(key::local_addresses, std::move(addresses));
  observation.facts.set(key::local_default_route,
                        locality.default_route_v4 || locality.default_route_v6);
  observation.facts.set(key::local_any_route, locality.any_route);
  observation.facts.set(key::local_resolvers, std::move(resolvers));
  return observation;
}

bool login_finished(const Route& route) {
  const auto& path = route.recalled.empty() ? route.conversation : route.recalled;
  return !path.empty() && path.back().phase == Phase::login && !path.back().failure;
}

void add_route(Evidence& evidence, const Route& route, int after) {
  const auto add = [&evidence, &after](Observation observation) {
    observation.after = after;
    after = evidence.add(std::move(observation));
  };
  if (route.spared) add(*route.spared);
  if (route.connect) add(*route.connect);
  for (const auto* path : {&route.recalled, &route.conversation})
    for (const Observation& observation : *path) add(observation);
}

class Run : private FirstPass {
 public:
  Run(const Plan& plan, net::Network& network, Memory& memory)
      : plan_(plan),
        network_(network),
        memory_(memory),
        began_(Clock::now()),
        deadline_(began_ + plan.settings->timeout),
        patience_(std::min<Micros>(plan.settings->timeout * 12 / 100, PasswordGate::kLongestWait)),
        gate_(network.executor(), memory),
        followups_(plan, network, memory, *this) {
    frame_.target = plan.target;
    frame_.profile = plan.profile;
    frame_.own_profile = plan.own_profile;
    frame_.purpose = plan.settings->purpose;
    frame_.policy = plan.policy;
    frame_.started = std::chrono::system_clock::now();
    frame_.budget = plan.settings->timeout;
    frame_.tool_version = PLUMB_VERSION;
  }

  net::awaitable<std::vector<Case>> all() {
    Resolved resolved = co_await resolve(plan_, network_, deadline_);
    deadline_ += resolved.waited;
    frame_.evidence.observations = std::move(resolved.observations);
    resolved_ = resolved.decisive;
    addresses_ = resolved.addresses;
    names_ = situation_of_names(frame_.evidence, std::move(resolved.resolvers), *plan_.profile);
    names_.pinned_elsewhere = pinned_elsewhere();
    for (const Address& address : resolved.addresses)
      for (const std::uint16_t port : plan_.ports) {
        routes_.emplace_back();
        routes_.back().endpoint = {address, port};
      }
    co_await follow_all();
    look_further();
    if (asks_where_it_is()) followups_.locate(last_deadline());
    co_await followups_.end();
    co_await hold_session();
    co_return cases();
  }

 private:
  net::awaitable<void> open_gate();
  net::awaitable<void> follow_all();
  net::awaitable<void> watch_over(net::Event& done);
  net::Deadline last_deadline() const;
  void look_further();
  net::awaitable<void> hold_session();
  net::awaitable<net::SystemReply> addresses_for_session();
  Situation situation() const override;
  Trouble trouble(int way) const override;
  Trouble trouble_on(const Route& route) const;
  bool asks_where_it_is() const;
  bool pinned_elsewhere() const;
  bool is_a_way(const Route& route) const;
  void add_followups(Evidence& evidence, const std::vector<int>& ends) const;
  void add_session(Evidence& evidence, const std::vector<int>& ends) const;
  net::Cutoff* cutoff_of(std::uint16_t port);
  void cut_other_ports(std::uint16_t greeted);
  std::vector<Case> cases();
  Case case_for(std::optional<std::uint16_t> port, Case result);

  const Plan& plan_;
  net::Network& network_;
  Memory& memory_;
  const net::Deadline began_;
  net::Deadline deadline_;
  const Micros patience_;
  Case frame_;
  int resolved_ = 0;
  std::vector<Address> addresses_;
  Situation names_;  // what resolving has shown; no ways
  std::list<Route> routes_;
  std::map<std::uint16_t, net::Cutoff> cutoffs_;
  PasswordGate gate_;
  std::optional<net::SynCounters> before_;  // when it was first seen that a SYN is not answered
  Followups followups_;
  std::optional<Observation> session_;
  std::uint16_t session_port_ = 0;
};

// Waiting for the account's turn is not the target's time.
net::awaitable<void> Run::open_gate() {
  if (!plan_.account.is_account) co_return;
  const auto queued = Clock::now();
  co_await gate_.open(plan_.account.user, plan_.settings->retry_auth);
  deadline_ += Clock::now() - queued;
}

net::awaitable<void> Run::follow_all() {
  if (routes_.empty()) co_return;
  co_await open_gate();
  const auto executor = network_.executor();
  net::Event done(executor);
  std::size_t left = routes_.size();
  const auto patience = Clock::now() + patience_;
  for (Route& route : routes_) {
    const RouteContext context{plan_,     network_, memory_,
                               deadline_, patience, cutoff_of(route.endpoint.port)};
    asio::co_spawn(executor, follow(context, gate_, route),
                   [this, &route, &left, &done](const std::exception_ptr&) {
                     route.enter(Route::Step::ended);
                     route.exchange = nullptr;
                     if (route.spoke_mysql) cut_other_ports(route.endpoint.port);
                     if (--left == 0) done.set();
                   });
  }
  const auto silence = gate_.silence();
  if (silence > Micros(0)) {
    const bool settled = co_await done.wait(Clock::now() + silence);
    if (settled) co_return;
    gate_.lend();
  }
  const bool at_once = co_await done.wait(patience);
  if (!at_once) co_await watch_over(done);
}

// Follow-ups begin beside the waiting, wherever a way has stopped to come on.
net::awaitable<void> Run::watch_over(net::Event& done) {
  const Micros interval = std::max<Micros>(patience_, kShortestPatience);
  auto wake = Clock::now() + (interval - patience_);
  for (;; wake += interval) {
    const bool ended = co_await done.wait(wake);
    if (ended) co_return;
    for (Route& route : routes_) route.look();
    look_further();
  }
}

// What the library will connect to.
net::awaitable<net::SystemReply> Run::addresses_for_session() {
  net::SystemReply reply;
  const auto literal = plan_.target.literal();
  if (literal) {
    reply.addresses = {*literal};
    co_return reply;
  }
  std::string host = plan_.target.host;
  reply = co_await network_.ask_system(std::move(host), last_deadline());
  co_return reply;
}

// Only where some login was answered: whoever is kept out has a cause already.
net::awaitable<void> Run::hold_session() {
  const auto answered = std::find_if(routes_.begin(), routes_.end(), login_finished);
  const bool accepted = std::any_of(routes_.begin(), routes_.end(),
                                    [](const Route& route) { return route.account_accepted; });
  const bool looked_for = accepted || plan_.settings->purpose != Purpose::connect;
  if (!wants_session(plan_) || !looked_for || answered == routes_.end()) co_return;
  session_port_ = answered->endpoint.port;
  std::optional<NoSession> forbidden = forbids_session(plan_);
  if (!forbidden) {
    const net::SystemReply addresses = co_await addresses_for_session();
    forbidden = forbids_session(plan_, routes_, session_port_, addresses, memory_);
  }
  const net::Deadline limit = last_deadline();
  if (!forbidden && limit - Clock::now() < kShortestSession) forbidden = kNoTime;
  if (forbidden) {
    session_ = not_held(*forbidden);
    co_return;
  }
  net::SessionOrder order = session_order(plan_, session_port_);
  std::unique_ptr<wire::SessionTalk> talk = plan_.session->session(plan_.settings->purpose);
  net::SessionEnd end = co_await network_.session(std::move(order), std::move(talk), limit);
  session_ = std::move(end.observation);
  if (!end.cut) co_return;
  // Which address the library took, nobody knows.
  for (const Route& route : routes_)
    if (route.endpoint.port == session_port_)
      memory_.note(route.endpoint, wire::Ending::dropped, false, true, std::nullopt, Micros(0));
}

// Who waited to be admitted has its time from then on.
net::Deadline Run::last_deadline() const {
  net::Deadline last = deadline_;
  for (const Route& route : routes_) last = std::max(last, route.deadline);
  return last;
}

net::Cutoff* Run::cutoff_of(std::uint16_t port) {
  return plan_.ports.size() > 1 ? &cutoffs_[port] : nullptr;
}

// One port has greeted, so a silent SYN to the other has lost its meaning. It gets the time in which
// it would have answered by now if it were the same host.
void Run::cut_other_ports(std::uint16_t greeted) {
  const auto now = Clock::now();
  const auto limit = now + std::max<Clock::duration>(kOtherPortGrace, 3 * (now - began_));
  for (auto& [port, cutoff] : cutoffs_)
    if (port != greeted) cutoff.at(limit);
}

// The counters are read before the follow-ups send the first SYN of their own.
void Run::look_further() {
  const bool all_well = names_.is_clean() && std::ranges::all_of(routes_, [&](const Route& route) {
                          return trouble_on(route) == Trouble::none;
                        });
  if (all_well) return;
  const Situation now = situation();
  const bool silent =
      std::ranges::any_of(now.ways, [](const Way& way) { return way.trouble == Trouble::silent; });
  if (silent && !before_) before_ = network_.locality().syns;
  followups_.begin(now, last_deadline(), addresses_);
}

// Where nobody knows the port, only the one that greets is the target's.
bool Run::is_a_way(const Route& route) const {
  return !route.spared && std::none_of(routes_.begin(), routes_.end(), [&](const Route& other) {
    return other.spoke_mysql && other.endpoint.port != route.endpoint.port;
  });
}

Trouble Run::trouble_on(const Route& route) const {
  if (!is_a_way(route)) return Trouble::none;
  return trouble_of(route.progress(std::max<Micros>(patience_, kShortestPatience)));
}

Trouble Run::trouble(int way) const { return trouble_on(*std::next(routes_.begin(), way)); }

Situation Run::situation() const {
  Situation now = names_;
  for (const Route& route : routes_) {
    now.ways.push_back({route.endpoint, trouble_on(route), route.account_accepted});
    if (!route.connect || route.connect->failure) continue;
    const bool at_once =
        route.connect->facts.get_or(key::tcp_syn_retransmits, std::int64_t{0}) == 0;
    const bool faster = now.answered_in == Micros(0) || route.connect->took < now.answered_in;
    if (at_once && faster) now.answered_in = route.connect->took;
  }
  now.shift = static_cast<std::uint16_t>(began_.time_since_epoch() / std::chrono::milliseconds(1));
  return now;
}

// For a second clock; and an endpoint that may be in any cloud and leads elsewhere is mended there.
bool Run::asks_where_it_is() const {
  const bool anywhere = plan_.profile->cloud == Cloud::unknown && plan_.profile->only_private_dns;
  return std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
    return std::ranges::any_of(route.conversation, [&](const Observation& seen) {
      return !seen.facts.get_or(key::tls_dates_ok, true) ||
             (anywhere && !seen.facts.get_or(key::tls_name_ok, true));
    });
  });
}

bool Run::pinned_elsewhere() const {
  const auto& pinned = plan_.settings->pinned_target;
  return pinned && !addresses_.empty() &&
         std::ranges::find(addresses_, *pinned) == addresses_.end();
}

// A follow-up hangs on the farthest step of the way that it looks into.
void Run::add_followups(Evidence& evidence, const std::vector<int>& ends) const {
  if (followups_.whereabouts()) evidence.add(*followups_.whereabouts());
  const auto prompt = [&](int way) {
    return way < 0 ? resolved_ : ends[static_cast<std::size_t>(way)];
  };
  const auto wanted = [&](int way) { return way < 0 || ends[static_cast<std::size_t>(way)] > 0; };
  followups_.add_to(evidence, prompt, wanted);
}

// It builds on the first login that was answered.
void Run::add_session(Evidence& evidence, const std::vector<int>& ends) const {
  Observation seen = *session_;
  std::size_t way = 0;
  for (const Route& route : routes_) {
    if (route.endpoint.port == session_port_ && login_finished(route) && seen.after == 0)
      seen.after = ends[way];
    ++way;
  }
  evidence.add(std::move(seen));
}

Case Run::case_for(std::optional<std::uint16_t> port, Case result) {
  result.target.port = port;
  bool finished = false;
  std::vector<int> ends;  // by route: the number of its last observation; 0: not in this case
  for (const Route& route : routes_) {
    const bool ours = !port || route.endpoint.port == *port;
    if (ours) add_route(result.evidence, route, resolved_);
    ends.push_back(ours ? static_cast<int>(result.evidence.observations.size()) : 0);
    finished = finished || (ours && login_finished(route));
  }
  if (!finished) result.evidence.add(local_view(plan_, network_, before_));
  if (session_ && (!port || *port == session_port_)) add_session(result.evidence, ends);
  add_followups(result.evidence, ends);
  result.took = std::chrono::duration_cast<Micros>(Clock::now() - began_);
  return result;
}

std::vector<Case> Run::cases() {
  std::vector<Case> greeted;
  const bool known = plan_.ports.size() == 1;
  for (const std::uint16_t port : plan_.ports) {
    const bool spoke = std::any_of(routes_.begin(), routes_.end(), [port](const Route& route) {
      return route.endpoint.port == port && route.spoke_mysql;
    });
    if (spoke && !known) greeted.push_back(case_for(port, frame_));
  }
  const auto port = known ? std::optional(plan_.ports.front()) : std::nullopt;
  if (greeted.empty()) greeted.push_back(case_for(port, std::move(frame_)));
  return greeted;
}

}  // namespace

net::awaitable<std::vector<Case>> run(const Plan& plan, net::Network& network, Memory& memory) {
  Run whole(plan, network, memory);
  co_return co_await whole.all();
}

}  // namespace plumb::engine

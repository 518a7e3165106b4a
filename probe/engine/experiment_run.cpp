#include "probe/engine/experiment_run.hpp"

#include <algorithm>
#include <utility>

#include "probe/engine/dns_observations.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "probe/wire/tls_first.hpp"

namespace plumb::engine {
namespace {

using net::Clock;
using Kind = Experiment::Kind;
using Tls = Experiment::Tls;

constexpr std::size_t kMostNewAddresses = 2;
constexpr Micros kShortestSyn = std::chrono::milliseconds(300);
constexpr Micros kShortestTalk = std::chrono::seconds(1);
// An experiment's pause is looked through so often: nobody waits for one that has become pointless.
constexpr Micros kGlance = std::chrono::milliseconds(100);

class Performance {
 public:
  Performance(const ExperimentContext& context, const Experiment& experiment)
      : context_(context), experiment_(experiment) {}

  net::awaitable<bool> pause() const;  // whether it may begin
  net::awaitable<void> converse_with(Endpoint to);
  net::awaitable<void> trace();
  net::awaitable<void> ask();
  net::awaitable<net::DnsReply> answer_to(const net::DnsQuestion& question,
                                          const net::Tries& tries);
  net::awaitable<void> touch();
  std::vector<Observation> take() { return std::move(seen_); }

 private:
  // Shares of the budget, never fewer than the round trips they are for.
  Micros budget(int percent) const {
    return Micros(context_.plan.settings->timeout) * percent / 100;
  }
  Micros syn_share() const {
    return std::max({budget(15), std::min(4 * context_.answered_in, budget(30)), kShortestSyn});
  }
  Micros talk_share() const {
    return std::max({budget(30), 12 * context_.answered_in, kShortestTalk});
  }
  net::Deadline within(Micros share) const {
    return std::min<net::Deadline>(context_.deadline, Clock::now() + share);
  }
  // Whoever has greeted gets the time to answer: breaking off counts against this host there. On a
  // port that may be no MySQL's, or before a greeting that has not come, there is nobody to wait for.
  bool may_stay_mute() const {
    return experiment_.name == experiment::kSecondPort || experiment_.tls == Tls::first;
  }
  // Where the target itself has no TLS, and so no place for it; or where its own handshake hangs
  // and keeps the place.
  bool is_second_tls() const {
    if (experiment_.name == experiment::kSmallSegments) return has_tls();
    const bool here = experiment_.tls == Tls::first || experiment_.tls == Tls::required;
    return here && !has_tls();
  }
  bool has_tls() const { return context_.plan.policy.tls != TlsMode::off; }
  net::Deadline last_start() const { return context_.deadline - syn_share(); }
  bool may_begin() const { return Clock::now() <= last_start() && context_.still_wanted(); }
  net::awaitable<void> hold(net::Connection& connection, Endpoint with, Memory::Permit permit,
                            Micros connect_took);
  std::unique_ptr<wire::Exchange> exchange_for(Endpoint with, Memory::Permit permit) const;
  net::awaitable<DropAllowance::Pass> admission(Endpoint to) const;
  net::awaitable<net::Connected> connection(Endpoint to) const;
  net::awaitable<AccountTurn::Held> turn_for(Endpoint to) const;
  bool is_the_names(const Endpoint& to) const {
    return std::ranges::find(context_.tried, to.address) != context_.tried.end();
  }
  void remember(Endpoint with, const wire::Exchange& exchange, bool tls_broke,
                Micros connect_took) const;
  void note(Observation observation);
  void note_way_facts(Observation& connect) const;

  const ExperimentContext& context_;
  const Experiment& experiment_;
  bool as_account_ = false;  // it may, by now
  std::vector<Observation> seen_;
};

void Performance::note(Observation observation) {
  observation.facts.set(key::path_experiment, std::string(experiment_.name));
  if (experiment_.attempt > 0)
    observation.facts.set(key::path_attempt, std::int64_t{experiment_.attempt});
  observation.after = static_cast<int>(seen_.size());
  observation.facts.shrink();
  seen_.push_back(std::move(observation));
}

// As asked for; what the network really used it says itself.
void Performance::note_way_facts(Observation& connect) const {
  const net::ConnectOptions& how = experiment_.how;
  if (how.from_port > 0 && !connect.facts.has(key::path_source_port))
    connect.facts.set(key::path_source_port, std::int64_t{how.from_port});
  if (how.max_segment > 0 && !connect.facts.has(key::path_max_segment))
    connect.facts.set(key::path_max_segment, std::int64_t{how.max_segment});
}

std::unique_ptr<wire::Exchange> Performance::exchange_for(Endpoint with,
                                                          Memory::Permit permit) const {
  const Plan& plan = context_.plan;
  Conversation conversation;
  conversation.tls = plan.policy.tls;
  if (experiment_.tls == Tls::off || experiment_.tls == Tls::first) conversation.tls = TlsMode::off;
  if (experiment_.tls == Tls::required) conversation.tls = TlsMode::required;
  conversation.login = plan.anonymous;
  conversation.anonymous = plan.anonymous;
  if (as_account_) {
    conversation.login = plan.account;
    conversation.identify = true;
    if (!is_the_names(with)) conversation.tls = std::max(conversation.tls, TlsMode::verify_ca);
  }
  conversation.without_tls = permit == Memory::Permit::no_tls;
  std::unique_ptr<wire::Exchange> exchange = plan.conversation->exchange(conversation);
  if (experiment_.tls == Tls::first) return std::make_unique<wire::TlsFirst>(std::move(exchange));
  return exchange;
}

net::awaitable<void> Performance::hold(net::Connection& connection, Endpoint with,
                                       Memory::Permit permit, Micros connect_took) {
  const auto exchange = exchange_for(with, permit);
  const auto until = may_stay_mute() ? within(talk_share()) : context_.deadline;
  co_await context_.network.converse(connection, *exchange, context_.plan.tls, until);
  bool tls_broke = false;
  for (Observation& step : exchange->observations()) {
    step.endpoint = with.to_string();
    tls_broke = step.phase == Phase::tls && step.failure.has_value();
    note(std::move(step));
  }
  remember(with, *exchange, tls_broke, connect_took);
}

void Performance::remember(Endpoint with, const wire::Exchange& exchange, bool tls_broke,
                           Micros connect_took) const {
  const auto answer = exchange.login_answer();
  const bool account = answer && answer->account;
  const auto took = answer ? std::optional(answer->took) : std::nullopt;
  context_.memory.note(with, exchange.ending(), !account, tls_broke, took, connect_took);
  if (!account || answer->verdict != wire::LoginAnswer::Verdict::refused) return;
  context_.memory.note_refused(context_.plan.account.user,
                               {with.to_string(), exchange.observations().back(), Clock::now()});
}

// Where the account was accepted there is nothing to wait for.
net::awaitable<AccountTurn::Held> Performance::turn_for(Endpoint to) const {
  AccountTurn::Held turn;
  if (!experiment_.as_account || is_the_names(to)) co_return turn;
  AccountTurn& queue = context_.memory.turn(context_.plan.account.user);
  turn = co_await queue.take(context_.network.executor());
  co_return turn;
}

net::awaitable<bool> Performance::pause() const {
  for (Micros left = experiment_.pause; left > Micros(0) && may_begin(); left -= kGlance) {
    const bool slept = co_await context_.network.pause(std::min(left, kGlance), context_.deadline);
    if (!slept) co_return false;
  }
  co_return may_begin();
}

// Plain functions, as the next: what a call needs besides is on the stack, and not in the frame of
// a coroutine that waits.
net::awaitable<DropAllowance::Pass> Performance::admission(Endpoint to) const {
  return context_.memory.admit(context_.network.executor(), to, last_start());
}

net::awaitable<net::Connected> Performance::connection(Endpoint to) const {
  net::ConnectOptions how = experiment_.how;
  how.slot_by = last_start();
  return context_.network.connect(to, how, within(syn_share()));
}

net::awaitable<void> Performance::converse_with(Endpoint to) {
  const AccountTurn::Held turn = co_await turn_for(to);
  const DropAllowance::Pass pass = co_await admission(to);
  if (!pass.admitted() || !may_begin()) co_return;
  as_account_ = experiment_.as_account && (turn.held() || is_the_names(to)) &&
                context_.memory.may_try(context_.plan.account.user, Clock::now(),
                                        context_.plan.settings->retry_auth);
  const Memory::Permit permit = context_.memory.permit_followup(to);
  const bool forbidden = permit == Memory::Permit::nothing ||
                         (permit == Memory::Permit::no_tls && experiment_.tls == Tls::first);
  if (forbidden) co_return;
  net::Places::Place place;
  if (is_second_tls()) {
    place = co_await context_.network.room(net::Network::Room::second_tls, last_start());
    if (!place.taken() || !may_begin()) co_return;
  }
  net::Connected connected = co_await connection(to);
  if (connected.observation.failure == Failure::cancelled) co_return;
  note_way_facts(connected.observation);
  const Micros took = connected.observation.took;
  note(std::move(connected.observation));
  if (connected.connection) co_await hold(*connected.connection, to, permit, took);
}

net::awaitable<void> Performance::trace() {
  const Endpoint to = experiment_.to;
  const DropAllowance::Pass pass = co_await admission(to);
  if (!pass.admitted() || !may_begin()) co_return;
  const Memory::Permit permit = context_.memory.permit_followup(to);
  if (permit == Memory::Permit::nothing) co_return;
  // Whoever is accepted at its end still has a conversation before it.
  const auto until = std::min<net::Deadline>(within(budget(60)), last_start());
  net::Traced traced = co_await context_.network.trace(to, experiment_.how.from, until);
  if (traced.observation.failure == Failure::cancelled) co_return;
  note(std::move(traced.observation));
  if (traced.connection) co_await hold(*traced.connection, to, permit, traced.connect_took);
}

net::awaitable<void> Performance::touch() {
  net::Connected connected = co_await connection(experiment_.to);
  if (connected.observation.failure != Failure::cancelled) note(std::move(connected.observation));
}

net::awaitable<net::DnsReply> Performance::answer_to(const net::DnsQuestion& question,
                                                     const net::Tries& tries) {
  std::vector<net::DnsQuestion> questions{question};
  net::Tries waits = tries;
  std::vector<net::DnsReply> replies =
      co_await context_.network.ask(std::move(questions), std::move(waits), within(syn_share()));
  co_return std::move(replies.front());
}

net::awaitable<void> Performance::ask() {
  const bool v4 = context_.plan.settings->ipv4;
  const auto type = v4 ? wire::DnsType::a : wire::DnsType::aaaa;
  net::DnsQuestion question{experiment_.to, experiment_.question, type, experiment_.over_tcp};
  const auto share = Micros(context_.plan.settings->timeout) / 25;
  net::Tries tries{share, 2 * share};
  net::DnsReply reply = co_await answer_to(question, tries);
  for (Observation& answer : resolve_observations(experiment_.to, experiment_.question,
                                                  v4 ? &reply : nullptr, v4 ? nullptr : &reply))
    note(std::move(answer));
  // A name without IPv4 addresses is no name without addresses.
  const bool no_v4 =
      v4 && reply.message && reply.message->rcode == 0 && reply.message->addresses.empty();
  if (no_v4 && context_.plan.settings->ipv6) {
    question.type = wire::DnsType::aaaa;
    reply = co_await answer_to(question, tries);
    for (Observation& answer :
         resolve_observations(experiment_.to, experiment_.question, nullptr, &reply))
      note(std::move(answer));
  }
  const bool names_an_endpoint = experiment_.name == experiment::kRegionalName;
  if (!names_an_endpoint || !reply.message || context_.plan.ports.empty()) co_return;
  std::size_t new_addresses = 0;
  for (const Address& address : reply.message->addresses) {
    const auto& tried = context_.tried;
    if (std::ranges::find(tried, address) != tried.end()) continue;
    if (++new_addresses > kMostNewAddresses) break;
    const Endpoint to{address, context_.plan.ports.front()};
    co_await converse_with(to);
  }
}

}  // namespace

net::awaitable<std::vector<Observation>> perform(ExperimentContext context,
                                                 const Experiment& experiment) {
  Performance performance(context, experiment);
  const bool goes = co_await performance.pause();
  if (!goes) co_return performance.take();
  if (experiment.kind == Kind::conversation) co_await performance.converse_with(experiment.to);
  if (experiment.kind == Kind::trace) co_await performance.trace();
  if (experiment.kind == Kind::question) co_await performance.ask();
  if (experiment.kind == Kind::connect_only) co_await performance.touch();
  co_return performance.take();
}

}  // namespace plumb::engine

#include "probe/engine/route.hpp"

#include <utility>

#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

using std::chrono::duration;
using Clock = net::Clock;

Observation spared(const Endpoint& endpoint, std::string why) {
  Observation observation;
  observation.phase = Phase::local;
  observation.endpoint = endpoint.to_string();
  observation.facts.set(key::client_harm_budget, std::move(why));
  return observation;
}

double seconds_since(MonoTime when) { return duration<double>(Clock::now() - when).count(); }

// Nothing may be sent: the verdict stands on the last finished login there, if there was one.
void recall_last(const Memory& memory, Route& route) {
  const bool delayed = memory.login_delayed(route.endpoint);
  route.spared = spared(route.endpoint, delayed ? "login-delayed" : "dropped");
  const std::optional<Memory::Last> last = memory.last(route.endpoint);
  if (!last) return;
  route.spared->facts.set(key::client_last_login_age, seconds_since(last->when));
  route.recalled = last->path;
  route.spoke_mysql = true;
}

bool reached_login(const std::vector<Observation>& conversation) {
  return !conversation.empty() && conversation.back().phase == Phase::login;
}

// An ERR packet in place of the greeting is MySQL as well.
bool greeted(const std::vector<Observation>& conversation, wire::Ending ending) {
  if (ending == wire::Ending::no_server || conversation.empty()) return false;
  const auto& failure = conversation.front().failure;
  return !failure || *failure == Failure::mysql_error;
}

bool broke_in_tls(const std::vector<Observation>& conversation) {
  return !conversation.empty() && conversation.back().phase == Phase::tls &&
         conversation.back().failure.has_value();
}

std::vector<Observation> path_of(const Route& route) {
  std::vector<Observation> path{*route.connect};
  path.insert(path.end(), route.conversation.begin(), route.conversation.end());
  return path;
}

// What a refusal of the password is told of: "host:port".
std::string place(const Plan& plan, const Route& route) {
  return plan.target.host + ":" + std::to_string(route.endpoint.port);
}

// An account there is, and the login was anonymous: its turn did not come in time, or its password
// was refused and is not sent again. Where it was this target that refused it, that stands behind
// the login that was done instead; another target's refusal is no evidence here.
void tell_why_anonymous(const RouteContext& context, const PasswordGate& gate, Route& route) {
  const Plan& plan = context.plan;
  if (!plan.account.is_account || !reached_login(route.conversation)) return;
  if (gate.came_too_late() && !route.spared)
    route.spared = spared(route.endpoint, "account-in-use");
  const std::optional<Memory::Refusal> known = context.memory.refusal(plan.account.user);
  if (!known) return;
  const Memory::Refusal& refusal = *known;
  if (refusal.at != place(plan, route)) {
    if (!route.spared) route.spared = spared(route.endpoint, "password-refused-elsewhere");
    return;
  }
  route.password_refused = true;
  Observation login = refusal.login;
  login.endpoint = route.endpoint.to_string();
  login.facts.set(key::client_last_login_age, seconds_since(refusal.when));
  route.conversation.push_back(std::move(login));
}

void take_over(const RouteContext& context, Route& route, const wire::Exchange& exchange) {
  route.conversation = exchange.observations();
  for (Observation& observation : route.conversation)
    observation.endpoint = route.endpoint.to_string();
  route.spoke_mysql = greeted(route.conversation, exchange.ending());

  const auto answer = exchange.login_answer();
  const bool account = answer && answer->account;
  const auto login_took = answer ? std::optional(answer->took) : std::nullopt;
  context.memory.note(route.endpoint, exchange.ending(), !account, broke_in_tls(route.conversation),
                      login_took, route.connect->took);
  if (answer && context.memory.wants_last(route.endpoint))
    context.memory.keep_last(route.endpoint, path_of(route), Clock::now());
  route.account_accepted = account && answer->verdict == wire::LoginAnswer::Verdict::accepted;
  if (route.account_accepted) context.memory.note_accepted(context.plan.account.user);
  route.password_refused = account && answer->verdict == wire::LoginAnswer::Verdict::refused;
  if (route.password_refused)
    context.memory.note_refused(
        context.plan.account.user,
        {place(context.plan, route), route.conversation.back(), Clock::now()});
}

std::unique_ptr<wire::Exchange> exchange_for(const Plan& plan, bool as_account,
                                             Memory::Permit permit) {
  Conversation conversation;
  conversation.tls = plan.policy.tls;
  conversation.login = as_account ? plan.account : plan.anonymous;
  conversation.anonymous = plan.anonymous;
  conversation.without_tls = permit == Memory::Permit::no_tls;
  return plan.conversation->exchange(conversation);
}

// Who may log in here, and as whom. Where logins are delayed only the account may, so that is
// settled before the connection is made: one that nobody may finish must not begin.
struct Entry {
  bool allowed = true;
  bool as_account = false;
  bool asked = false;
};

net::awaitable<Entry> settle_before_connect(const RouteContext& context, PasswordGate& gate,
                                            const Route& route) {
  Entry entry;
  if (!context.memory.login_delayed(route.endpoint)) co_return entry;
  entry.asked = true;
  entry.as_account = co_await gate.enter(context.patience);
  entry.allowed = entry.as_account;
  co_return entry;
}

net::awaitable<void> converse(const RouteContext& context, PasswordGate& gate, Route& route,
                              net::Connection& connection, Entry entry, Memory::Permit permit) {
  const Plan& plan = context.plan;
  if (!entry.asked) entry.as_account = co_await gate.enter(context.patience);
  const auto exchange = exchange_for(plan, entry.as_account, permit);
  route.exchange = exchange.get();
  route.enter(Route::Step::conversing);
  co_await context.network.converse(connection, *exchange, plan.tls, route.deadline);
  route.exchange = nullptr;
  take_over(context, route, *exchange);
  const bool tried = exchange->account_tried();
  if (entry.as_account) gate.settle(exchange->login_answer(), tried);
  if (!tried && !gate.tried_here()) tell_why_anonymous(context, gate, route);
}

// Plain functions, as the next: what a call needs besides is on the stack, and not in the frame of
// a coroutine that waits.
net::awaitable<DropAllowance::Pass> admission(const RouteContext& context, const Route& route) {
  return context.memory.admit(context.network.executor(), route.endpoint);
}

net::awaitable<net::Connected> connection(const RouteContext& context, const Route& route) {
  net::ConnectOptions options;
  options.from = context.plan.settings->source;
  options.cutoff = context.cutoff;
  return context.network.connect(route.endpoint, options, context.deadline);
}

}  // namespace

void Route::enter(Step next) {
  step = next;
  moved = Clock::now();
}

void Route::look() {
  const std::size_t steps = exchange ? exchange->observations().size() : 0;
  if (steps != steps_seen) moved = Clock::now();
  steps_seen = steps;
}

Progress Route::progress(Micros patience) const {
  Progress progress{connect, exchange ? exchange->observations() : conversation};
  progress.password_refused = password_refused;
  if (exchange) progress.phase = exchange->phase();
  const auto waits = (Clock::now() - moved) * 10 / 9;  // a look comes a moment early
  progress.stuck = (step == Step::connecting && waits >= patience) ||
                   (step == Step::conversing && waits >= 2 * patience);
  return progress;
}

net::awaitable<void> follow(RouteContext context, PasswordGate& gate, Route& route) {
  const auto queued = Clock::now();
  const DropAllowance::Pass pass = co_await admission(context, route);
  const auto waited = Clock::now() - queued;
  context.deadline += waited;
  context.patience += waited;
  route.deadline = context.deadline;
  Entry entry = co_await settle_before_connect(context, gate, route);
  const Memory::Permit permit = context.memory.permit(route.endpoint, !entry.as_account);
  if (!entry.allowed || permit == Memory::Permit::nothing) {
    recall_last(context.memory, route);
    if (entry.as_account) gate.settle(std::nullopt, false);
    co_return;
  }
  if (permit == Memory::Permit::no_tls) route.spared = spared(route.endpoint, "dropped");

  route.enter(Route::Step::connecting);
  net::Connected connected = co_await connection(context, route);
  route.connect = std::move(connected.observation);
  route.enter(Route::Step::waiting);
  route.deadline = context.deadline + connected.waited;
  if (connected.connection) {
    gate.note_connect(route.connect->took);
    co_await converse(context, gate, route, *connected.connection, entry, permit);
  } else if (entry.as_account) {
    gate.settle(std::nullopt, false);
  }
}

}  // namespace plumb::engine

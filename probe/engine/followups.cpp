#include "probe/engine/followups.hpp"

#include <algorithm>
#include <utility>

namespace plumb::engine {
namespace {

using net::Clock;
using std::chrono::milliseconds;

// A metadata service is one hop away: what has not come by then does not come.
constexpr milliseconds kMetadataLimit{200};
// What has not been answered by then waits.
constexpr milliseconds kMoment{10};
// The way in trouble may be another one each time somebody looks.
constexpr int kMostAddresses = 2;

}  // namespace

Followups::Followups(const Plan& plan, net::Network& network, Memory& memory,
                     const FirstPass& first_pass)
    : plan_(plan),
      network_(network),
      memory_(memory),
      first_pass_(first_pass),
      deadline_(Clock::now()) {}

void Followups::one_less() {
  if (--under_way_ == 0 && waiter_) waiter_->set();
}

// With less than the service's whole time, its silence would say nothing.
net::awaitable<void> Followups::find_out(net::Deadline deadline) {
  const auto limit = Clock::now() + kMetadataLimit;
  if (!memory_.whereabouts() && limit <= deadline) {
    if (memory_.begin_to_locate()) {
      Observation found = co_await network_.metadata(limit);
      memory_.keep_whereabouts(std::move(found));
    } else {
      co_await memory_.wait_for_whereabouts(network_.executor(), limit);
    }
  }
  whereabouts_ = memory_.whereabouts();
  if (experimenting_) plan(first_pass_.situation());
}

void Followups::locate(net::Deadline deadline) {
  if (std::exchange(located_, true)) return;
  ++under_way_;
  asio::co_spawn(network_.executor(), find_out(deadline),
                 [this](const std::exception_ptr&) { one_less(); });
}

void Followups::begin(const Situation& now, net::Deadline deadline,
                      const std::vector<Address>& tried) {
  deadline_ = deadline;
  tried_ = tried;
  experimenting_ = true;
  locate(deadline);
  plan(now);
}

bool Followups::is_new(const Experiment& experiment) const {
  int alike = 0;
  for (const Running& one : all_) {
    if (!one.experiment.is_of_the_sort_of(experiment)) continue;
    if (one.experiment.to.address == experiment.to.address) return false;
    ++alike;
  }
  return alike < kMostAddresses || experiment.kind == Experiment::Kind::question;
}

bool Followups::is_wanted(int way) const {
  return way < 0 || first_pass_.trouble(way) != Trouble::none;
}

void Followups::plan(Situation now) {
  now.own_addresses = network_.locality().addresses;
  if (whereabouts_) now.metadata = whereabouts_->facts;
  answered_in_ = now.answered_in;
  for (Experiment& experiment : plan_experiments(plan_, now)) {
    if (!is_new(experiment)) continue;
    all_.push_back({std::move(experiment)});
    ++planned_;
    ++under_way_;
  }
  if (planned_ == 0 || std::exchange(starting_, true)) return;
  ++under_way_;
  asio::co_spawn(network_.executor(), start_planned(),
                 [this](const std::exception_ptr&) { one_less(); });
}

// Where no room came by the deadline they are started all the same, and end at once.
net::awaitable<void> Followups::start_planned() {
  const net::Places::Place place = co_await network_.room(net::Network::Room::followups, deadline_);
  while (planned_ > 0) {
    for (Running& one : all_)
      if (!one.started) start(one);
    net::Event settled(network_.executor());
    starter_ = &settled;
    co_await settled.wait(Clock::now() + kMoment);
    starter_ = nullptr;
  }
  starting_ = false;
}

void Followups::start(Running& one) {
  const ExperimentContext context{
      plan_,
      network_,
      memory_,
      deadline_,
      tried_,
      answered_in_,
      [this, way = one.experiment.prompted_by] { return is_wanted(way); }};
  one.started = true;
  --planned_;
  ++running_;
  asio::co_spawn(network_.executor(), perform(context, one.experiment),
                 [this, &one](const std::exception_ptr&, std::vector<Observation> seen) {
                   one.seen = std::move(seen);
                   if (--running_ == 0 && starter_) starter_->set();
                   one_less();
                 });
}

net::awaitable<void> Followups::end() {
  while (under_way_ > 0) {
    net::Event idle(network_.executor());
    waiter_ = &idle;
    co_await idle.wait();
    waiter_ = nullptr;
  }
}

void Followups::add_to(Evidence& evidence, const std::function<int(int)>& prompt,
                       const std::function<bool(int)>& wanted) const {
  for (const Running& one : all_) {
    if (!wanted(one.experiment.prompted_by)) continue;
    const int hangs_on = prompt(one.experiment.prompted_by);
    int before = 0;  // number of the experiment's previous step
    for (const Observation& step : one.seen) {
      Observation observation = step;
      observation.after = step.after == 0 ? hangs_on : before;
      before = evidence.add(std::move(observation));
    }
  }
}

}  // namespace plumb::engine

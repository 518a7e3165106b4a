// The follow-ups of one run: begun where the first pass is in trouble, beside its waiting, each
// experiment once; their observations are added behind the first pass.
//
//   trouble ──► where am I? ──┐
//      └──► experiments ◄─────┘ planned again whenever more is known
//
// Where-am-I is asked once per process (Memory keeps the answer). Everything ends by the target's
// deadline, because each experiment does.
//
// What has gone wrong for one target of a fleet goes wrong for thousands in the same moment, and an
// experiment under way takes ten times the memory of a planned one. Most are answered at once, as by
// a port that is closed. So few targets at a time begin theirs, and make room for the next when
// these have ended, or wait for something.
#pragma once

#include <functional>
#include <list>
#include <vector>

#include "probe/engine/experiment_run.hpp"
#include "probe/net/event.hpp"

namespace plumb::engine {

// The first pass as the follow-ups see it, as far as it has come.
class FirstPass {
 public:
  FirstPass() = default;
  FirstPass(const FirstPass&) = delete;
  FirstPass& operator=(const FirstPass&) = delete;
  virtual Situation situation() const = 0;
  virtual Trouble trouble(int way) const = 0;  // of situation().ways[way]

 protected:
  ~FirstPass() = default;
};

class Followups {
 public:
  Followups(const Plan& plan, net::Network& network, Memory& memory, const FirstPass& first_pass);
  Followups(const Followups&) = delete;
  Followups& operator=(const Followups&) = delete;

  // Asks where we are (once) and begins the experiments that are new, of a `now` that is not clean.
  // `deadline`: by which all end.
  void begin(const Situation& now, net::Deadline deadline, const std::vector<Address>& tried);
  // Where we are, though nothing else is in doubt: a certificate's dates are.
  void locate(net::Deadline deadline);
  net::awaitable<void> end();  // until all are done

  // `prompt`: the number of the observation that way i hangs on; of the name: -1. `wanted`: those
  // of the ways that belong to this case.
  void add_to(Evidence& evidence, const std::function<int(int)>& prompt,
              const std::function<bool(int)>& wanted) const;
  const std::optional<Observation>& whereabouts() const { return whereabouts_; }

 private:
  struct Running {
    Experiment experiment;
    std::vector<Observation> seen = {};
    bool started = false;
  };
  net::awaitable<void> find_out(net::Deadline deadline);
  void plan(Situation now);
  net::awaitable<void> start_planned();
  void start(Running& one);
  bool is_new(const Experiment& experiment) const;
  bool is_wanted(int way) const;
  void one_less();

  const Plan& plan_;
  net::Network& network_;
  Memory& memory_;
  const FirstPass& first_pass_;
  net::Deadline deadline_;
  std::vector<Address> tried_;
  Micros answered_in_{0};
  std::optional<Observation> whereabouts_;
  bool located_ = false;
  bool experimenting_ = false;
  bool starting_ = false;
  std::list<Running> all_;
  std::size_t under_way_ = 0;  // what end() waits for
  std::size_t planned_ = 0, running_ = 0;
  net::Event* starter_ = nullptr;  // waits until none is running
  net::Event* waiter_ = nullptr;
};

}  // namespace plumb::engine

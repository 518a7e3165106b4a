// Honest confidence, over worlds: whatever stands wrong on the way, what plumb says of it is judged
// against the world and not against evidence that somebody arranged for a row.
//
//   (a) a world without a fault has no finding of warning or more;
//   (b) what is certain is true in the world;
//   (c) what keeps the client out is among the findings, and the first where the evidence tells it;
//   (d) what is not certain says what would decide it, and what is to be mended says how;
//   (e) of two faults the earlier on the way is the root.
//
// The sample is the same in every run; PLUMB_WORLDS multiplies it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "probe/diagnose/diagnose.hpp"
#include "src/catalogue.hpp"
#include "src/run_scenario.hpp"
#include "tests/support/world.hpp"

namespace plumb {
namespace {

using namespace test;

// A world and what is wrong in it, in the order of the way.
struct Story {
  World world;
  std::vector<const Fault*> faults;

  std::string told() const {
    std::string text;
    for (const Fault* fault : faults)
      text += (text.empty() ? "" : " + ") + std::string(fault->name);
    return text.empty() ? "no fault" : text;
  }
};

Report report_on(const World& world) {
  const WallTime now =
      std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
  Scene scene = scene_of(world, now);
  Scenario scenario;
  scenario.target = std::move(scene.target);
  scenario.settings = std::move(scene.settings);
  scenario.world = std::move(scene.world);
  return run_scenario(scenario).front();
}

bool holds(const Ids& ids, std::string_view id) { return std::ranges::find(ids, id) != ids.end(); }

bool is_found(const Diagnosis& diagnosis, std::string_view id) {
  return std::ranges::any_of(diagnosis.findings, [&](const Finding& f) { return f.id == id; });
}

// What the certificate shows is seen at once; no part of it comes before another.
bool is_of_certificate(const Fault& fault) {
  return fault.place == Place::dates || fault.place == Place::certificate_name ||
         fault.place == Place::issuer;
}

using Violations = std::vector<std::string>;

void judge_findings(const Story& story, const Diagnosis& diagnosis, Violations& wrong) {
  Ids truths;
  for (const Fault* fault : story.faults)
    for (const std::string_view id : fault->ids(story.world)) truths.push_back(id);
  for (const Finding& finding : diagnosis.findings) {
    const bool certain = finding.confidence == Confidence::certain;
    const bool grave = finding.severity >= Severity::warning;
    if (story.faults.empty() && grave) wrong.push_back("(a) " + finding.id);
    // What plumb could not look at is certain, and beside any fault.
    const bool own_sight = finding.id == "session-not-visible" && !grave;
    if (certain && !own_sight && !holds(truths, finding.id))
      wrong.push_back("(b) certain of " + finding.id);
    const bool undecided = finding.decide_by.empty() || finding.decide_by.front().empty();
    if (!certain && undecided) wrong.push_back("(d) no decide_by: " + finding.id);
    if (grave && (finding.remedy.empty() || finding.remedy.front().text.empty()))
      wrong.push_back("(d) no remedy: " + finding.id);
  }
}

void judge_root(const Story& story, const Fault& stop, const Diagnosis& diagnosis,
                Violations& wrong) {
  const std::string_view named = stop.ids(story.world).front();
  if (!is_found(diagnosis, named)) wrong.push_back("(c) not found: " + std::string(named));
  if (diagnosis.findings.empty()) return;
  const Finding& root = diagnosis.findings.front();
  const bool told = stop.told(story.world) == Told::surely;
  for (const Fault* fault : story.faults) {
    const bool as_early = is_of_certificate(*fault) && is_of_certificate(stop);
    if (as_early && holds(fault->ids(story.world), root.id)) return;
    const bool later = fault->place > stop.place && !as_early;
    const bool surely = root.confidence == Confidence::certain;
    const bool of_stop = holds(stop.ids(story.world), root.id);
    if (later && surely && !of_stop && holds(fault->ids(story.world), root.id))
      wrong.push_back("(e) root is the later " + root.id);
  }
  if (told && !holds(stop.ids(story.world), root.id))
    wrong.push_back((story.faults.size() == 1 ? "(c) " : "(e) ") + std::string("root is ") +
                    root.id);
}

Violations violations(const Story& story, const Diagnosis& diagnosis) {
  Violations wrong;
  judge_findings(story, diagnosis, wrong);
  const auto stop = std::ranges::find_if(
      story.faults, [&](const Fault* fault) { return fault->keeps_out(story.world); });
  const bool kept_out = stop != story.faults.end();
  const bool failed = diagnosis.outcome == Outcome::failed;
  if (failed != kept_out)
    wrong.push_back("(c) outcome is " + std::string(to_string(diagnosis.outcome)));
  if (kept_out) judge_root(story, **stop, diagnosis, wrong);
  return wrong;
}

// --- what is known to be wrong -------------------------------------------------------------------

// Where plumb does not hold the property today. Each is looked for by a test of its own, so that
// whoever mends one must take it out of this list.
struct Known {
  std::string_view wrong;
  std::string_view why;
  bool (*is)(const World&);
};

bool breaks_tls(const World& w) {
  return w.handshake != Handshake::right && w.handshake != Handshake::not_offered;
}

constexpr Known kKnown[] = {
    {"(c) not found: dns-custom-resolver-bypasses-vpc",
     "Without where-am-I nobody asks the cloud's own resolver, and of a name that is not the "
     "provider's nothing says that a private zone may hold it: dns-nxdomain stands alone, likely.",
     [](const World& w) {
       return w.names == NameAnswers::bypasses_vpc && !w.knows_where() &&
              w.setting.naming != Naming::private_dns;
     }},
    {"(c) not found: tls-clock-skew",
     "Without a second clock a fast one looks like an expired certificate: "
     "tls-certificate-expired is likely and its decide_by compares the clocks; the skew itself is "
     "no candidate.",
     [](const World& w) { return w.dates == Dates::client_clock_ahead && !w.knows_where(); }},
    {"(c) not found: tls-middlebox-intercept",
     "An authority whose maker is not in the list of inspectors, before a profile that does not "
     "say who signs: tls-wrong-ca-for-deployment stands alone, not certain.",
     [](const World& w) { return w.issuer == Issuer::middlebox; }},
    {"(c) not found: tcp-mtu-blackhole",
     "With small segments the conversation comes as far as a TLS alert, and only one that goes "
     "through to the login counts as proof.",
     [](const World& w) { return w.large_segments_lost && breaks_tls(w); }},
    {"(c) not found: tls-direct-before-greeting",
     "A ClientHello in place of the greeting that is answered by an alert, or whose segment is "
     "lost, counts as not answered.",
     [](const World& w) {
       return w.greeting == Greeting::after_tls && (breaks_tls(w) || w.large_segments_lost);
     }},
};

const Known* known(const World& world, std::string_view wrong) {
  const auto found = std::ranges::find_if(
      kKnown, [&](const Known& one) { return one.wrong == wrong && one.is(world); });
  return found == std::end(kKnown) ? nullptr : &*found;
}

// --- which worlds --------------------------------------------------------------------------------

// A sanitizer takes its time, so it sees a part of them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kShare = 4;
#else
constexpr std::size_t kShare = 1;
#endif

std::size_t times(std::size_t base) {
  base = std::max<std::size_t>(1, base / kShare);
  const char* more = std::getenv("PLUMB_WORLDS");
  return more ? base * static_cast<std::size_t>(std::max(1, std::atoi(more))) : base;
}

class Settings {
 public:
  // One in which all faults are possible, if some draws find it.
  const Setting* draw(const std::vector<const Fault*>& faults) {
    for (int tries = 0; tries < 400; ++tries) {
      const Setting& drawn = all_[random_() % all_.size()];
      if (std::ranges::all_of(faults, [&](const Fault* f) { return f->possible(drawn); }))
        return &drawn;
    }
    return nullptr;
  }
  const std::vector<Setting>& all() const { return all_; }

 private:
  std::vector<Setting> all_ = settings();
  std::mt19937 random_{20261121};
};

Story story_of(const Setting& setting, std::vector<const Fault*> faults) {
  Story story{{setting}, std::move(faults)};
  for (const Fault* fault : story.faults) fault->breaks(story.world);
  return story;
}

// What was judged, and each kind of violation once.
class Tally {
 public:
  void judge(const Story& story) {
    ++worlds_;
    for (const std::string& wrong : violations(story, report_on(story.world).diagnosis)) {
      if (known(story.world, wrong)) continue;
      auto& [count, example] = wrong_[wrong + " | " + story.told()];
      if (count++ == 0) example = describe(story.world.setting);
    }
  }
  std::size_t worlds() const { return worlds_; }
  std::string summary() const {
    std::string text;
    for (const auto& [what, seen] : wrong_)
      text += what + " | " + std::to_string(seen.first) + "x, as in: " + seen.second + "\n";
    return text;
  }

 private:
  std::size_t worlds_ = 0;
  std::map<std::string, std::pair<int, std::string>> wrong_;
};

void expect_honest(const Tally& tally, std::size_t at_least) {
  EXPECT_EQ(tally.summary(), "") << tally.worlds() << " worlds";
  EXPECT_GE(tally.worlds(), at_least / kShare);
  testing::Test::RecordProperty("worlds", static_cast<int>(tally.worlds()));
}

// Each fault alone, in many settings.
Tally tally_of_faults(std::size_t part, std::size_t of) {
  Settings settings;
  Tally tally;
  std::size_t number = 0;
  for (const Fault& fault : faults()) {
    if (number++ % of != part) continue;
    for (std::size_t i = 0; i < times(100); ++i)
      if (const Setting* setting = settings.draw({&fault}))
        tally.judge(story_of(*setting, {&fault}));
  }
  return tally;
}

// Pairs of faults of different places, dealt to `of` tests that run beside each other.
Tally tally_of_pairs(std::size_t part, std::size_t of) {
  Settings settings;
  Tally tally;
  std::size_t number = 0;
  for (const Fault& first : faults())
    for (const Fault& second : faults()) {
      if (first.place >= second.place || number++ % of != part) continue;
      for (std::size_t i = 0; i < times(8); ++i)
        if (const Setting* setting = settings.draw({&first, &second}))
          tally.judge(story_of(*setting, {&first, &second}));
    }
  return tally;
}

TEST(Worlds, WithoutAFaultHaveNoFinding) {
  Settings settings;
  Tally tally;
  const std::size_t step = times(1) > 1 ? 1 : 3 * kShare;
  for (std::size_t i = 0; i < settings.all().size(); i += step)
    tally.judge(story_of(settings.all()[i], {}));
  expect_honest(tally, 1000);
}

TEST(Worlds, WithOneFaultNameIt1) { expect_honest(tally_of_faults(0, 2), 2500); }
TEST(Worlds, WithOneFaultNameIt2) { expect_honest(tally_of_faults(1, 2), 2500); }

TEST(Worlds, WithTwoFaultsNameTheEarlier1) { expect_honest(tally_of_pairs(0, 4), 2500); }
TEST(Worlds, WithTwoFaultsNameTheEarlier2) { expect_honest(tally_of_pairs(1, 4), 2500); }
TEST(Worlds, WithTwoFaultsNameTheEarlier3) { expect_honest(tally_of_pairs(2, 4), 2500); }
TEST(Worlds, WithTwoFaultsNameTheEarlier4) { expect_honest(tally_of_pairs(3, 4), 2500); }

// The first of the known violations' worlds, by trying faults alone and in pairs.
bool still_stands(const Known& one, Settings& settings) {
  for (const Fault& first : faults())
    for (const Fault& second : faults())
      for (int i = 0; i < 8 && first.place <= second.place; ++i) {
        std::vector<const Fault*> both{&first};
        if (first.place != second.place) both.push_back(&second);
        const Setting* setting = settings.draw(both);
        if (!setting) continue;
        const Story story = story_of(*setting, both);
        if (!one.is(story.world)) continue;
        const Violations wrong = violations(story, report_on(story.world).diagnosis);
        if (std::ranges::find(wrong, one.wrong) != wrong.end()) return true;
      }
  return false;
}

TEST(Worlds, WhatIsKnownToBeWrongStillIs) {
  Settings settings;
  for (const Known& one : kKnown)
    EXPECT_TRUE(still_stands(one, settings)) << one.wrong << " is mended: take it out of kKnown";
}

// --- the property can fail -----------------------------------------------------------------------

const Fault& fault_named(std::string_view name) {
  return *std::ranges::find(faults(), name, &Fault::name);
}

Violations with_row(const Story& story, const Cause& row) {
  const auto honest = catalogue();
  std::vector<const Cause*> rows(honest.begin(), honest.end());
  rows.push_back(&row);
  return violations(story, diagnose(report_on(story.world).about, rows));
}

constexpr RemedyTemplate kRemedy[] = {{"Mend it.", ""}};
constexpr Cause kDishonest{
    .id = "tcp-endpoint-sg-blocks-port",
    .layer = Layer::tcp,
    .severity = Severity::error,
    .owner = Owner::endpoint_owner,
    .title = "t",
    .shows_as = "s",
    .summary = "It is surely the security group.",
    .remedy = kRemedy,
    .look_alikes = "",
    .decide_by = "",
    .source = "",
    .match = [](const Case& about) {
      const auto& all = about.evidence.observations;
      const auto silent = std::ranges::find_if(all, [](const Observation& seen) {
        return seen.phase == Phase::connect && seen.failure == Failure::timed_out;
      });
      if (silent == all.end()) return Verdict::no("nothing is silent");
      return Verdict::yes(Confidence::certain, Severity::error,
                          {static_cast<int>(silent - all.begin()) + 1});
    }};

TEST(Worlds, CatchARowThatIsCertainOfAFalsehood) {
  const Story pending = story_of(Setting{}, {&fault_named("endpoint pending")});
  const Violations wrong = with_row(pending, kDishonest);
  EXPECT_NE(std::ranges::find(wrong, "(b) certain of tcp-endpoint-sg-blocks-port"), wrong.end());
  const Story closed = story_of(Setting{}, {&fault_named("endpoint's group closed")});
  EXPECT_TRUE(with_row(closed, kDishonest).empty()) << "where it is true, it may be said";
}

TEST(Worlds, CatchAFaultThatIsOverlooked) {
  const Story blocked = story_of(Setting{}, {&fault_named("host blocked")});
  Diagnosis silent;
  silent.outcome = Outcome::ok;
  const Violations wrong = violations(blocked, silent);
  EXPECT_NE(std::ranges::find(wrong, "(c) outcome is ok"), wrong.end());
  EXPECT_NE(std::ranges::find(wrong, "(c) not found: mysql-host-blocked-1129"), wrong.end());
}

TEST(Worlds, CatchAWarningInAHealthyWorld) {
  Story story = story_of(Setting{}, {&fault_named("one zone silent")});
  story.world.setting.zones = 2;
  const Diagnosis degraded = report_on(story.world).diagnosis;
  story.faults.clear();
  EXPECT_FALSE(violations(story, degraded).empty());
}

}  // namespace
}  // namespace plumb

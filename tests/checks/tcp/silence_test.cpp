#include "checks/tcp/silence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kThere = "10.0.0.1:4000";

CaseBuilder silent() { return CaseBuilder("h:4000").timed_out(kThere); }

TEST(Silence, IsThereOnlyWhereNothingAnswers) {
  EXPECT_TRUE(silence_of(CaseBuilder("h:1").refused("10.0.0.1:1").build()).silent.empty());
  EXPECT_TRUE(silence_of(CaseBuilder("h:1").timed_out("127.0.0.1:1").build()).silent.empty());
  EXPECT_TRUE(silence_of(CaseBuilder("h:1").timed_out("10.0.0.1:1").connect("10.0.0.2:1").build())
                  .silent.empty());
  EXPECT_FALSE(silence_of(CaseBuilder("h").build()).because.empty());
  EXPECT_EQ(silence_of(silent().build()).where, "10.0.0.1:4000");
}

TEST(Silence, OtherPortsGreetRefuseOrStaySilent) {
  CaseBuilder greets = silent();
  greets.followup_works(experiment::kSecondPort, "10.0.0.1:3306")
      .followup(experiment::kSecondPort, "10.0.0.1:443", Failure::timed_out);
  Silence silence = silence_of(greets.build());
  EXPECT_EQ(silence.greets_on, 3306);
  EXPECT_FALSE(silence.other_ports_silent);
  EXPECT_THAT(silence.evidence, ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(silence.where, HasSubstr("though port 3306 there greets as MySQL"));

  CaseBuilder refuses = silent();
  refuses.followup(experiment::kSecondPort, "10.0.0.1:443", Failure::refused);
  EXPECT_EQ(silence_of(refuses.build()).refuses_on, 443);

  CaseBuilder nothing = silent();
  nothing.followup(experiment::kSecondPort, "10.0.0.1:3306", Failure::timed_out)
      .followup(experiment::kSecondPort, "10.0.0.1:443", Failure::timed_out);
  silence = silence_of(nothing.build());
  EXPECT_TRUE(silence.other_ports_silent);
  EXPECT_FALSE(silence_of(silent().build()).other_ports_silent) << "none was tried";
}

TEST(Silence, AControlThatIsRefusedWorksToo) {
  CaseBuilder fails = silent();
  fails.followup(experiment::kControl, "10.0.0.2:53", Failure::timed_out);
  EXPECT_TRUE(silence_of(fails.build()).control_fails);
  CaseBuilder refused = silent();
  refused.followup(experiment::kControl, "10.0.0.2:53", Failure::refused);
  EXPECT_TRUE(silence_of(refused.build()).control_works);
  EXPECT_FALSE(silence_of(refused.build()).control_fails);
}

CaseBuilder from_ports(CaseBuilder builder, bool low, bool middle, bool high) {
  const auto leave = [&](std::int64_t port, bool works) {
    if (works)
      builder.followup_works(experiment::kSourcePort, kThere);
    else
      builder.followup(experiment::kSourcePort, kThere, Failure::timed_out);
    if (!works) builder.fact(key::path_source_port, port);
  };
  leave(2048, low);
  leave(40000, middle);
  leave(61500, high);
  return builder;
}

TEST(Silence, TheSourcePortDecidesOnlyWhereSomeWorkAndSomeDoNot) {
  EXPECT_FALSE(silence_of(from_ports(silent(), false, false, false).build()).by_source_port);
  EXPECT_FALSE(silence_of(from_ports(silent(), true, true, true).build()).by_source_port);
  const Silence once = silence_of(from_ports(silent(), false, false, true).build());
  EXPECT_TRUE(once.by_source_port);
  EXPECT_FALSE(once.steadily_by_source_port) << "nobody tried again";
  CaseBuilder again = from_ports(silent(), false, false, true);
  again.followup(experiment::kRepeat, kThere, Failure::timed_out)
      .followup(experiment::kRepeat, kThere, Failure::timed_out);
  EXPECT_TRUE(silence_of(again.build()).steadily_by_source_port);
  CaseBuilder luck = from_ports(silent(), false, false, true);
  luck.followup_works(experiment::kRepeat, kThere)
      .followup(experiment::kRepeat, kThere, Failure::timed_out);
  EXPECT_FALSE(silence_of(luck.build()).by_source_port) << "it comes and goes";
  CaseBuilder usual = silent();
  usual.followup(experiment::kSourcePort, kThere).fact(key::path_source_port, std::int64_t{40000});
  usual.followup(experiment::kSourcePort, kThere, Failure::timed_out)
      .fact(key::path_source_port, std::int64_t{2048});
  EXPECT_FALSE(silence_of(usual.build()).by_source_port) << "a port like that of the first pass";
}

TEST(Silence, WhatThisHostLackedIsNoAnswerAndNoSilence) {
  CaseBuilder about = silent();
  for (const Failure ours : {Failure::local_limit, Failure::cancelled})
    for (const auto name : {experiment::kRepeat, experiment::kControl, experiment::kSecondPort})
      about.followup(name, name == experiment::kControl ? "10.0.0.2:53" : kThere, ours);
  const Silence silence = silence_of(about.build());
  EXPECT_FALSE(silence.comes_and_goes);
  EXPECT_FALSE(silence.control_fails || silence.control_works);
  EXPECT_FALSE(silence.other_ports_silent);
}

TEST(Silence, WhatARefusingAddressAnswersIsNoAnswerOfTheSilentOne) {
  CaseBuilder about = silent();
  about.refused("10.0.0.9:4000").followup(experiment::kRepeat, "10.0.0.9:4000", Failure::refused);
  EXPECT_FALSE(silence_of(about.build()).comes_and_goes);
}

TEST(Silence, AResolverThatAnswersQuestionsIsNoFailedControl) {
  CaseBuilder about("db.example.com:4000");
  about.asked("10.0.0.2:53", {"10.0.0.1"}).timed_out(kThere);
  about.followup(experiment::kControl, "10.0.0.2:53", Failure::timed_out);
  EXPECT_FALSE(silence_of(about.build()).control_fails);
}

TEST(Silence, RepetitionAndSourceAddress) {
  CaseBuilder comes = silent();
  comes.followup_works(experiment::kRepeat, kThere)
      .followup(experiment::kRepeat, kThere, Failure::timed_out);
  EXPECT_TRUE(silence_of(comes.build()).comes_and_goes);
  CaseBuilder address = silent();
  address.followup(experiment::kSourceAddress, kThere, Failure::timed_out)
      .fact(key::local_address, std::string("10.0.0.5"))
      .followup(experiment::kSourceAddress, kThere)
      .fact(key::local_address, std::string("10.0.0.6"));
  const Silence silence = silence_of(address.build());
  EXPECT_TRUE(silence.by_source_address);
  EXPECT_EQ(silence.working_sources, "10.0.0.6");
  EXPECT_EQ(silence.failing_sources, "10.0.0.5");
}

TEST(Silence, WhereTheTraceEndsIsToldAndNeverUsed) {
  CaseBuilder traced = silent();
  traced.traced({"10.0.0.254", "10.9.0.1", "*"}, 2);
  const Silence silence = silence_of(traced.build());
  EXPECT_THAT(silence.where, HasSubstr("the last hop that answers on the way is 10.9.0.1"));
  CaseBuilder odd = silent();
  odd.traced({"10.0.0.254"}, 7);
  EXPECT_EQ(silence_of(odd.build()).where, "10.0.0.1:4000");
}

// The counters of the whole host, and what the socket of the silent connect says.
CaseBuilder counted(std::int64_t resent, std::int64_t failed, std::optional<bool> left = {}) {
  CaseBuilder builder = silent();
  if (left) builder.fact(key::tcp_syn_left, *left);
  builder.local({"10.0.0.5"}, true)
      .fact(key::local_syns_resent, resent)
      .fact(key::local_resends_failed, failed);
  return builder;
}

TEST(Silence, TheKernelKnowsWhetherASynCouldLeave) {
  struct Row {
    std::int64_t resent, failed;
    std::optional<bool> socket;
    bool held_back, left;
  };
  for (const Row& row : {
           Row{3, 3, {}, true, false},
           Row{3, 5, {}, true, false},
           Row{3, 0, {}, false, true},
           Row{3, 1, {}, false, false},
           Row{1, 1, {}, false, false},
           Row{0, 0, {}, false, false},
           Row{9, 4, false, true, false},
           Row{9, 4, true, false, true},
           Row{9, 9, true, false, true},
           Row{9, 1, false, false, false},
           Row{9, 0, false, false, false},
       }) {
    const Silence silence = silence_of(counted(row.resent, row.failed, row.socket).build());
    const std::string told = std::to_string(row.failed) + " of " + std::to_string(row.resent) +
                             (row.socket ? *row.socket ? ", left" : ", stayed" : "");
    EXPECT_EQ(silence.held_back, row.held_back) << told;
    EXPECT_EQ(silence.left, row.left) << told;
    EXPECT_EQ(silence.counted, 2);
  }
  CaseBuilder uncounted = silent();
  uncounted.fact(key::tcp_syn_left, false);
  EXPECT_FALSE(silence_of(uncounted.build()).held_back) << "one witness is not enough";
}

TEST(Silence, OfTwoAddressesBothMustBeHeldBack) {
  CaseBuilder builder = silent();
  builder.fact(key::tcp_syn_left, false).timed_out("10.0.1.1:4000").fact(key::tcp_syn_left, true);
  builder.local({"10.0.0.5"}, true)
      .fact(key::local_syns_resent, std::int64_t{8})
      .fact(key::local_resends_failed, std::int64_t{4});
  EXPECT_FALSE(silence_of(builder.build()).held_back);
  EXPECT_FALSE(silence_of(builder.build()).left);
}

TEST(Candidates, WhatCouldNotLeavePutsAllBehindThisHost) {
  EXPECT_GT(candidate(counted(3, 3).build(), {.rank = 1}).rank, 100);
  EXPECT_EQ(candidate(counted(3, 3).build(), {.rank = 1, .at_this_host = true}).rank, 1);
  EXPECT_EQ(candidate(counted(3, 0).build(), {.rank = 1}).rank, 1);
}

TEST(Candidates, WhatSpeaksAgainstThem) {
  CaseBuilder greets = silent();
  greets.followup_works(experiment::kSecondPort, "10.0.0.1:3306");
  EXPECT_FALSE(candidate(greets.build(), {.rank = 1, .whole_address = true}).matched);
  EXPECT_TRUE(candidate(greets.build(), {.rank = 1}).matched);

  CaseBuilder refuses = silent();
  refuses.followup(experiment::kSecondPort, "10.0.0.1:443", Failure::refused);
  EXPECT_GT(candidate(refuses.build(), {.rank = 1, .whole_address = true}).rank, 100);
  EXPECT_EQ(candidate(refuses.build(), {.rank = 1}).rank, 1);

  CaseBuilder comes = silent();
  comes.followup_works(experiment::kRepeat, kThere);
  EXPECT_GT(candidate(comes.build(), {.rank = 1}).rank, 100);
}

TEST(Candidates, NoEndpointBeforeAPublicName) {
  CaseBuilder builder = silent();
  EXPECT_TRUE(candidate(builder.build(), {.of_endpoint = true}).matched);
  builder.profile("tidb-dedicated-public");
  EXPECT_FALSE(candidate(builder.build(), {.of_endpoint = true}).matched);
  EXPECT_TRUE(candidate(builder.build(), {.rank = 1}).matched);
}

TEST(Candidates, OfTheirCloudOnly) {
  CaseBuilder azure = silent();
  azure.here("azure");
  EXPECT_FALSE(candidate(azure.build(), {.cloud = Cloud::aws}).matched);
  EXPECT_TRUE(candidate(azure.build(), {.cloud = Cloud::azure}).matched);
  EXPECT_TRUE(candidate(azure.build(), {.rank = 1}).matched) << "of any cloud";
  EXPECT_TRUE(candidate(silent().build(), {.cloud = Cloud::aws}).matched);
  EXPECT_FALSE(candidate(silent().build(), {.cloud = Cloud::gcp}).matched);
}

}  // namespace
}  // namespace plumb::tcp

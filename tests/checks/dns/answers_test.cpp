#include "checks/dns/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;

TEST(DnsAnswers, TellsQuestionsFromTheApplicationsView) {
  const Case about = CaseBuilder("h")
                         .asked("10.0.0.2:53", {"10.1.1.1", "nonsense"})
                         .asked("10.0.0.3:53", {}, Failure::timed_out)
                         .asked("10.0.0.4:53", {}, Failure::cancelled)
                         .view({"10.1.1.1"})
                         .build();
  EXPECT_EQ(application_view(about).n, 4);
  EXPECT_THAT(numbers(questions(about)), ElementsAre(1, 2));
  EXPECT_THAT(numbers(failed(questions(about), {Failure::timed_out})), ElementsAre(2));
  EXPECT_EQ(joined(questions(about).front().addresses()), "10.1.1.1");
  EXPECT_FALSE(application_view(CaseBuilder("10.0.0.1").connect("10.0.0.1:1").build()).seen);
}

TEST(DnsAnswers, AnotherAnswerCountsForTheSameNameAndTypeOnly) {
  const Case about = CaseBuilder("h")
                         .asked("10.0.0.2:53", {}, Failure::nxdomain)
                         .asked("10.0.0.3:53", {"10.1.1.1"})
                         .asked("10.0.0.2:53", {}, Failure::nodata, "AAAA")
                         .asked("10.0.0.2:53", {}, Failure::nxdomain, "A", "h.corp")
                         .build();
  const auto all = questions(about);
  EXPECT_TRUE(answered_elsewhere(all, all[0]));
  EXPECT_FALSE(answered_elsewhere(all, all[2]));
  EXPECT_FALSE(answered_elsewhere(all, all[3]));
}

}  // namespace
}  // namespace plumb::dns

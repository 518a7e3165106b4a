#include "src/output/shared_view.hpp"

#include <gtest/gtest.h>

namespace plumb::output {
namespace {

SharedFault fault(SharedThing what, std::vector<std::string> values) {
  return {what, std::move(values), {"a-cause"}, {"a:1", "b:1", "c:1"}, 3};
}

TEST(SharedSentence, SaysWhatIsSharedByHowManyAndThatNothingElseSpeaksForIt) {
  EXPECT_EQ(
      shared_sentence(fault(SharedThing::resolver, {"10.0.0.2:53", "10.0.1.2:53"})),
      "3 targets with a-cause have the resolver 10.0.0.2:53, 10.0.1.2:53 in common; no target "
      "got a better answer from it.");
  EXPECT_EQ(shared_sentence(fault(SharedThing::zone, {"us-east-1b"})),
            "3 targets with a-cause have the zone us-east-1b in common; no target works there.");
  EXPECT_EQ(
      shared_sentence(fault(SharedThing::ca, {"/etc/ca.pem"})),
      "3 targets with a-cause have the trusted roots of /etc/ca.pem in common; no certificate "
      "was trusted by them.");
  EXPECT_EQ(shared_sentence(fault(SharedThing::cause, {"a-cause"})),
            "3 targets with a-cause have this host in common; no target is well.");
}

TEST(SharedTargets, AreNamedUpToALimit) {
  const SharedFault three = fault(SharedThing::address, {"10.0.0.9"});
  EXPECT_EQ(shared_targets(three, 3), "a:1, b:1, c:1");
  EXPECT_EQ(shared_targets(three, 2), "a:1, b:1 and 1 more");
  SharedFault many = three;
  many.count = 5000;
  EXPECT_EQ(shared_targets(many, 3), "a:1, b:1, c:1 and 4997 more") << "not all have a name";
}

}  // namespace
}  // namespace plumb::output

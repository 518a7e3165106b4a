#include "src/output/causes_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "src/output/columns.hpp"
#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

constexpr std::array<RemedyTemplate, 1> kRemedy{
    {{"Allow TCP {port} in the endpoint's security group:",
      "aws ec2 authorize-security-group-ingress --port {port} --ip-permissions "
      "'X=[{GroupId=<sg>}]'"}}};

Verdict never(const Case&) { return Verdict::no("not here"); }

constexpr Cause kPort{.id = "tcp-endpoint-sg-blocks-port",
                      .layer = Layer::tcp,
                      .severity = Severity::critical,
                      .owner = Owner::endpoint_owner,
                      .title = "the endpoint's security group has no rule for the port",
                      .shows_as = "No answer to a SYN on any address of {host}.",
                      .summary = "Nothing answers on {host}:{port}.",
                      .remedy = kRemedy,
                      .look_alikes = "An endpoint that was not accepted looks the same.",
                      .decide_by = "aws ec2 describe-security-groups",
                      .source = "VPC guide",
                      .match = never};
constexpr Cause kName{.id = "dns-nxdomain",
                      .layer = Layer::dns,
                      .severity = Severity::error,
                      .owner = Owner::client,
                      .title = "the name does not exist",
                      .shows_as = {},
                      .summary = {},
                      .remedy = kRemedy,
                      .look_alikes = {},
                      .decide_by = {},
                      .source = {},
                      .match = never};
constexpr std::array<const Cause*, 2> kCauses{&kName, &kPort};

TEST(CausesList, HasIdLayerOwnerAndTitleIn80Columns) {
  const std::string out = causes_list(kCauses);
  EXPECT_EQ(out,
            "dns-nxdomain                                    dns       client\n"
            "    the name does not exist\n"
            "tcp-endpoint-sg-blocks-port                     tcp       endpoint-owner\n"
            "    the endpoint's security group has no rule for the port\n");
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80U);
}

TEST(CausePage, IsWhatAPersonNeedsToAct) {
  EXPECT_EQ(cause_page(kPort),
            "tcp-endpoint-sg-blocks-port   tcp, critical\n\n"
            "  the endpoint's security group has no rule for the port\n\n"
            "How it shows\n  No answer to a SYN on any address of <host>.\n\n"
            "What looks like it\n  An endpoint that was not accepted looks the same.\n\n"
            "What decides\n  aws ec2 describe-security-groups\n\n"
            "What to do (endpoint-owner)\n  Allow TCP <port> in the endpoint's security group:\n\n"
            "    aws ec2 authorize-security-group-ingress --port <port> --ip-permissions "
            "'X=[{GroupId=<sg>}]'\n\n"
            "Source\n  VPC guide\n");
}

TEST(CausePage, LeavesOutWhatACauseDoesNotSay) {
  const std::string out = cause_page(kName);
  EXPECT_EQ(out.find("What decides"), std::string::npos);
  EXPECT_EQ(out.find("Source"), std::string::npos);
}

TEST(CausesJson, IsTheSameList) {
  const Json out = Json::parse(causes_json(kCauses));
  EXPECT_EQ(out["schema"], "plumb.causes/1");
  ASSERT_EQ(out["causes"].size(), 2U);
  EXPECT_EQ(out["causes"][1]["owner"], "endpoint-owner");
  EXPECT_FALSE(out["causes"][0].contains("decide_by"));
}

TEST(FindCause, IsExactAndSuggestsByWord) {
  EXPECT_EQ(find_cause(kCauses, "dns-nxdomain"), &kName);
  EXPECT_EQ(find_cause(kCauses, "nxdomain"), nullptr);
  EXPECT_EQ(similar_causes(kCauses, "nxdomain"), "dns-nxdomain\n");
  EXPECT_EQ(similar_causes(kCauses, "cloud-nxdomain"), "dns-nxdomain\n");
  EXPECT_EQ(similar_causes(kCauses, "zebra"), "");
}

}  // namespace
}  // namespace plumb::output

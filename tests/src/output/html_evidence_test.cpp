#include "src/output/html_evidence.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"
#include "tests/support/sample_evidence.hpp"

namespace plumb::output {
namespace {

TEST(HtmlEvidence, MarksAFailedStepInWordsToo) {
  Evidence evidence;
  evidence.add(test::silent("10.0.0.1:4000", 0));
  const std::string out = html_evidence(evidence);
  EXPECT_NE(out.find("<tr class=\"bad\">"), std::string::npos);
  EXPECT_NE(out.find("<td>no answer<details>"), std::string::npos);
  EXPECT_NE(out.find("In its own words: <code>ETIMEDOUT</code>"), std::string::npos);
}

TEST(HtmlEvidence, ShowsEveryTypeOfFact) {
  Evidence evidence;
  evidence.add(test::secured("10.0.0.1:4000", 0, "db.example.com"));
  const std::string out = html_evidence(evidence);
  EXPECT_NE(out.find("<dt>tls.chain_ok</dt><dd class=\"mono\">yes</dd>"), std::string::npos);
  EXPECT_NE(out.find("<dt>tls.handshake_ms</dt><dd class=\"mono\">14.231</dd>"), std::string::npos);
  EXPECT_NE(out.find("<dt>tls.chain</dt><dd class=\"mono\"><ol><li><dl><dt>subject</dt>"),
            std::string::npos);
}

TEST(HtmlEvidence, AStepWithoutFactsHasNothingToUnfold) {
  Evidence evidence;
  evidence.add(Observation{});
  EXPECT_EQ(html_evidence(evidence).find("<details>"), std::string::npos);
}

}  // namespace
}  // namespace plumb::output

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::bound;
using test::ChainLink;
using test::judge;
using ::testing::ElementsAre;

constexpr const char* kIsrg = "CN=ISRG Root X1,O=Internet Security Research Group,C=US";
const std::vector<std::string> kChainCauses{
    "tls-wrong-ca-for-deployment", "tls-server-missing-intermediate", "tls-self-signed-leaf",
    "tls-self-signed-in-chain", "tls-ca-file-missing"};

Case untrusted(const std::vector<ChainLink>& chain, int code, int depth,
               const std::vector<std::string>& trusted, const std::string& trust = "/etc/ca.pem",
               TlsMode mode = TlsMode::verify_full) {
  Case about = test::tls_case(mode);
  Observation seen = test::good_tls();
  test::set_chain(seen, chain);
  test::distrust(seen, code, depth, trusted, trust);
  about.evidence.add(seen);
  return about;
}

std::vector<std::string> matching(const Case& about) {
  std::vector<std::string> ids;
  for (const std::string& id : kChainCauses)
    if (judge(about, id).matched) ids.push_back(id);
  return ids;
}

TEST(CausesChain, AForeignKnownIssuerProvesTheWrongFile) {
  const Case about =
      untrusted({{"CN=gw", "CN=R12,O=Let's Encrypt,C=US"}, {"CN=R12,O=Let's Encrypt,C=US", kIsrg}},
                20, 1, {"CN=Root,O=Own"});
  EXPECT_THAT(matching(about), ElementsAre("tls-wrong-ca-for-deployment"));
  const Verdict verdict = judge(about, "tls-wrong-ca-for-deployment");
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_EQ(bound(verdict, "top_issuer"), kIsrg);
  EXPECT_EQ(bound(verdict, "ca_file"), "/etc/ca.pem");
  EXPECT_THAT(verdict.evidence, ElementsAre(1));
}

TEST(CausesChain, AForeignPrivateIssuerIsLikelyTheWrongFile) {
  const Case about = untrusted({{"CN=db", "CN=Mid,O=Other"}, {"CN=Mid,O=Other", "CN=Root,O=Other"}},
                               20, 1, {"CN=Root,O=Own"});
  EXPECT_THAT(matching(about),
              ElementsAre("tls-wrong-ca-for-deployment", "tls-server-missing-intermediate"));
  EXPECT_EQ(judge(about, "tls-wrong-ca-for-deployment").confidence, Confidence::likely);
  const Verdict upper = judge(about, "tls-server-missing-intermediate");
  EXPECT_EQ(upper.confidence, Confidence::possible) << "an upper certificate may be left out";
  EXPECT_GT(upper.rank, judge(about, "tls-wrong-ca-for-deployment").rank);
}

TEST(CausesChain, ALetsEncryptLeafAloneProvesTheMissingIntermediate) {
  const Case about = untrusted({{"CN=gw", "CN=R12,O=Let's Encrypt,C=US"}}, 20, 0, {kIsrg});
  EXPECT_THAT(matching(about), ElementsAre("tls-server-missing-intermediate"));
  EXPECT_EQ(judge(about, "tls-server-missing-intermediate").confidence, Confidence::certain);
}

const std::string kYr = "CN=Root YR,O=ISRG,C=US", kYr1 = "CN=YR1,O=Let's Encrypt,C=US";

TEST(CausesChain, TheCrossSignatureOfTheNewRootIsLeftOut) {
  const Case about = untrusted({{"CN=gw", kYr1}, {kYr1, kYr}}, 20, 1, {kIsrg});
  const Verdict verdict = judge(about, "tls-server-missing-intermediate");
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_EQ(bound(verdict, "missing"), kYr + ", cross-signed by an elder root");
  EXPECT_LT(verdict.rank, judge(about, "tls-wrong-ca-for-deployment").rank);
}

TEST(CausesChain, TheNewRootIsSentInPlaceOfItsCrossSignature) {
  const std::vector<ChainLink> chain{{"CN=gw", kYr1}, {kYr1, kYr}, {kYr, kYr}};
  for (const char* trust : {"/etc/ca.pem", "system"}) {
    const Case about = untrusted(chain, 19, 2, {kIsrg}, trust);
    EXPECT_THAT(matching(about), ElementsAre("tls-self-signed-in-chain")) << trust;
    const Verdict verdict = judge(about, "tls-self-signed-in-chain");
    EXPECT_EQ(verdict.owner, Owner::pki);
    EXPECT_NE(bound(verdict, "instead"), ".");
  }
  EXPECT_THAT(matching(untrusted(chain, 19, 2, {"CN=Root,O=Own"})),
              ElementsAre("tls-wrong-ca-for-deployment"))
      << "the file knows none of its elders";
}

TEST(CausesChain, ALeafAloneOfTheTrustedOrganisationLikelyLacksItsIntermediate) {
  const Case about = untrusted({{"CN=db", "CN=Mid,O=Own"}}, 20, 0, {"CN=Root,O=Own"});
  const Verdict missing = judge(about, "tls-server-missing-intermediate");
  const Verdict wrong = judge(about, "tls-wrong-ca-for-deployment");
  EXPECT_EQ(missing.confidence, Confidence::likely);
  EXPECT_EQ(wrong.confidence, Confidence::possible);
  EXPECT_LT(missing.rank, wrong.rank);
  EXPECT_EQ(bound(missing, "missing"), "CN=Mid,O=Own");
}

TEST(CausesChain, ALeafAloneOfAnotherOrganisationIsLikelyTheWrongFile) {
  const Case about = untrusted({{"CN=db", "CN=CA,O=Other"}}, 20, 0, {"CN=Root,O=Own"});
  EXPECT_EQ(judge(about, "tls-wrong-ca-for-deployment").confidence, Confidence::likely);
  EXPECT_EQ(judge(about, "tls-server-missing-intermediate").confidence, Confidence::possible);
}

TEST(CausesChain, ALeafAloneUnderAnIssuerThatIsNoRootByNameLikelyLacksIt) {
  const Case about = untrusted({{"CN=db", "CN=YR1,O=Other"}}, 20, 0, {"CN=Root,O=Own"});
  EXPECT_EQ(judge(about, "tls-server-missing-intermediate").confidence, Confidence::likely);
  EXPECT_EQ(judge(about, "tls-wrong-ca-for-deployment").confidence, Confidence::possible);
}

TEST(CausesChain, ARootOfTheRightNameAndTheWrongKeyIsTheWrongFile) {
  const Case about = untrusted({{"CN=db", "CN=Root,O=Own"}}, 20, 0, {"CN=Root,O=Own"});
  EXPECT_THAT(matching(about), ElementsAre("tls-wrong-ca-for-deployment"));
  EXPECT_EQ(judge(about, "tls-wrong-ca-for-deployment").confidence, Confidence::likely);
  EXPECT_TRUE(bound(judge(about, "tls-wrong-ca-for-deployment"), "what")
                  .ends_with("holds the same name with another key"));
}

TEST(CausesChain, ASentPrivateRootDependsOnWhatIsTrusted) {
  const std::vector<ChainLink> chain{{"CN=db", "CN=R,O=P"}, {"CN=R,O=P", "CN=R,O=P"}};
  EXPECT_THAT(matching(untrusted(chain, 19, 1, {"CN=Public"}, "system")),
              ElementsAre("tls-self-signed-in-chain"));
  EXPECT_THAT(matching(untrusted(chain, 19, 1, {"CN=Root,O=Own"})),
              ElementsAre("tls-wrong-ca-for-deployment"));
}

TEST(CausesChain, AServerThatSignsForItself) {
  const Case own = untrusted({{"CN=TiDB_Server_Auto_Generated", "CN=TiDB_Server_Auto_Generated"}},
                             18, 0, {"CN=Public"}, "system");
  EXPECT_THAT(matching(own), ElementsAre("tls-self-signed-leaf"));
  EXPECT_EQ(judge(own, "tls-self-signed-leaf").confidence, Confidence::certain);
  const std::string ca = "CN=MySQL_Server_9.7.0_Auto_Generated_CA_Certificate";
  const Case mysql =
      untrusted({{"CN=MySQL_Server_9.7.0_Auto_Generated_Server_Certificate", ca}, {ca, ca}}, 19, 1,
                {"CN=Public"}, "system");
  EXPECT_THAT(matching(mysql), ElementsAre("tls-self-signed-leaf"));
  EXPECT_EQ(judge(mysql, "tls-self-signed-leaf").confidence, Confidence::likely);
}

TEST(CausesChain, AnEmptyStoreExplainsItAll) {
  const Case about = untrusted({{"CN=db", "CN=Mid,O=Own"}, {"CN=Mid,O=Own", "CN=Root,O=Own"}}, 20,
                               1, {}, "system");
  EXPECT_THAT(matching(about), ElementsAre("tls-ca-file-missing"));
  EXPECT_EQ(bound(judge(about, "tls-ca-file-missing"), "trust"), "the system's certificate store");
  EXPECT_EQ(bound(judge(about, "tls-ca-file-missing"), "ca_file"), "");
}

// Nothing is wrong with a chain whose roots were not given and that nobody asked to verify: one line
// that says where they are is all there is to say.
TEST(CausesChain, RootsOfADeploymentThatWereNotGiven) {
  Case about = test::tls_case(TlsMode::preferred);
  about.profile = find_profile("tidb-dedicated-private");
  Observation seen = test::good_tls();
  test::distrust(seen, 20, 0, {}, "system");
  about.evidence.observations = {seen};
  const Verdict told = test::judge(about, "tls-wrong-ca-for-deployment");
  EXPECT_EQ(told.severity, Severity::info);
  EXPECT_NE(test::bound(told, "what").find("TiDB Cloud console"), std::string::npos);
  EXPECT_FALSE(test::judge(about, "tls-server-missing-intermediate").matched);
  EXPECT_FALSE(test::judge(about, "tls-self-signed-in-chain").matched);

  about.policy.tls = TlsMode::verify_ca;
  EXPECT_EQ(test::judge(about, "tls-wrong-ca-for-deployment").severity, Severity::error);
}

TEST(CausesChain, IsInformationWhereThePolicyDoesNotAsk) {
  for (const auto& [mode, severity] :
       std::vector<std::pair<TlsMode, Severity>>{{TlsMode::preferred, Severity::info},
                                                 {TlsMode::required, Severity::info},
                                                 {TlsMode::verify_ca, Severity::error},
                                                 {TlsMode::verify_full, Severity::error}}) {
    const Case about = untrusted({{"CN=db", "CN=db"}}, 18, 0, {"CN=Public"}, "system", mode);
    EXPECT_EQ(judge(about, "tls-self-signed-leaf").severity, severity) << to_string(mode);
  }
}

}  // namespace
}  // namespace plumb::tls

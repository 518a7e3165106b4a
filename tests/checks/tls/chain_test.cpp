#include "checks/tls/chain.hpp"

#include <gtest/gtest.h>

#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

TEST(Chain, ReadsWhatWasSentAndWhomTheFileTrusts) {
  Observation seen = test::good_tls();
  test::distrust(seen, 20, 1, {"CN=Root,O=Other"});
  const Chain chain(seen);
  EXPECT_EQ(chain.leaf_issuer, "CN=Mid,O=Own");
  EXPECT_EQ(chain.top_issuer, "CN=Root,O=Own");
  EXPECT_TRUE(chain.leaf_issuer_was_sent());
  EXPECT_TRUE(chain.lacks_an_issuer());
  EXPECT_TRUE(chain.trusts("CN=Root,O=Other"));
  EXPECT_FALSE(chain.trusts("CN=Root,O=Own"));
  EXPECT_TRUE(chain.knows_all_trusted());
  EXPECT_TRUE(chain.same_organisation("CN=X,O=Other"));
  EXPECT_FALSE(chain.same_organisation("CN=X,O=Own"));
  EXPECT_FALSE(chain.made_by_the_server());
}

// What was sent may stand in any order, with strangers between.
TEST(Chain, FollowsThePathNotTheOrderOfSending) {
  Observation seen = test::good_tls();
  test::set_chain(seen, {{"CN=db", "CN=Mid,O=Own"}, {"CN=A", "CN=B"}, {"CN=Mid,O=Own", "CN=R"}});
  test::set_path(seen, {{"CN=db", "CN=Mid,O=Own"}, {"CN=Mid,O=Own", "CN=Root,O=Own"}});
  test::distrust(seen, 20, 1, {"CN=Root,O=Other"});
  EXPECT_EQ(Chain(seen).top_issuer, "CN=Root,O=Own");
  EXPECT_EQ(Chain(seen).rows.size(), 3u);
  EXPECT_EQ(Chain(seen).culprit(), "CN=Mid,O=Own");
}

TEST(Chain, AnIssuerOfTheRightNameAndTheWrongKeyWasNotSent) {
  Observation seen = test::good_tls();
  test::set_path(seen, {{"CN=db.example.com", "CN=Mid,O=Own"}});
  test::distrust(seen, 20, 0, {"CN=Root,O=Own"});
  EXPECT_FALSE(Chain(seen).leaf_issuer_was_sent());
  EXPECT_TRUE(Chain(seen).sent_under("CN=Mid,O=Own"));
}

TEST(Chain, ABadSignatureIsAnotherRootOnlyAtTheTop) {
  Observation seen = test::good_tls();
  test::set_path(seen, {{"CN=db", "CN=Mid"}, {"CN=Mid", "CN=Root"}, {"CN=Root", "CN=Root"}});
  test::distrust(seen, 7, 1, {"CN=Root"});
  EXPECT_TRUE(Chain(seen).lacks_an_issuer());
  test::distrust(seen, 7, 0, {"CN=Root"});
  EXPECT_FALSE(Chain(seen).lacks_an_issuer());
}

TEST(Chain, ASystemStoreIsNotListed) {
  Observation seen = test::good_tls();
  test::distrust(seen, 20, 1, {"CN=Public"}, "system");
  EXPECT_FALSE(Chain(seen).knows_all_trusted());
  EXPECT_TRUE(Chain(seen).system);
}

TEST(Chain, KnowsLetsEncryptAndItsRoots) {
  EXPECT_TRUE(by_lets_encrypt("CN=R12,O=Let's Encrypt,C=US"));
  EXPECT_FALSE(by_lets_encrypt("CN=ISRG Root X1,O=Internet Security Research Group,C=US"));
  EXPECT_TRUE(is_root_of_isrg("CN=ISRG Root X1,O=Internet Security Research Group,C=US"));
  EXPECT_TRUE(is_root_of_isrg("CN=Root YE,O=ISRG,C=US"));
  EXPECT_TRUE(is_new_root_of_isrg("CN=Root YE,O=ISRG,C=US"));
  EXPECT_FALSE(is_new_root_of_isrg("CN=ISRG Root X1,O=Internet Security Research Group,C=US"));
}

}  // namespace
}  // namespace plumb::tls

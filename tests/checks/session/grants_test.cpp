#include "checks/session/grants.hpp"

#include <gtest/gtest.h>

namespace plumb::session {
namespace {

std::string read(std::string_view line) {
  const auto grant = parse_grant(line);
  return grant ? to_string(*grant) : "none";
}

TEST(Grants, LinesOfMySqlMariaDbAndTidb) {
  EXPECT_EQ(read("GRANT SELECT, INSERT ON `shop`.* TO `dms`@`%` WITH GRANT OPTION"),
            "GRANT INSERT, SELECT ON `shop`.*");
  EXPECT_EQ(
      read(
          "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED VIA mysql_native_password"),
      "GRANT ALL ON *.*");
  EXPECT_EQ(read("GRANT BINLOG_ADMIN,REPLICATION_SLAVE_ADMIN ON *.* TO `u`@`%`"),
            "GRANT BINLOG_ADMIN, REPLICATION_SLAVE_ADMIN ON *.*");
  EXPECT_EQ(read("GRANT replication slave, replication client ON *.* TO 'u'@'%'"),
            "GRANT REPLICATION CLIENT, REPLICATION SLAVE ON *.*");
  EXPECT_EQ(read("GRANT SELECT ON test.t1 TO 'u'@'%'"), "GRANT SELECT ON `test`.`t1`");
  EXPECT_EQ(read("GRANT SELECT ON \"a\"\"b\".\"c\" TO \"u\"@\"%\""), "GRANT SELECT ON `a\"b`.`c`");
  EXPECT_EQ(read("REVOKE INSERT ON `mysql`.* FROM `admin`@`%`"), "REVOKE INSERT ON `mysql`.*");
}

TEST(Grants, RightsOnColumnsAreNoneOnTheTable) {
  EXPECT_EQ(read("GRANT SELECT (`id`, `a)b`), UPDATE ON `s`.`t` TO `u`@`%`"),
            "GRANT UPDATE ON `s`.`t`");
  EXPECT_EQ(read("GRANT SELECT (`id`) ON `s`.`t` TO `u`@`%`"), "none");
}

TEST(Grants, RolesProxiesAndRoutinesGiveNothing) {
  for (const char* line :
       {"GRANT `reader`@`%` TO `u`@`%`", "GRANT PROXY ON ''@'' TO 'root'@'localhost'",
        "SET DEFAULT ROLE `r` FOR `u`@`%`", "GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`", "",
        "GRANT", "GRANT SELECT", "GRANT SELECT ON", "GRANT ON *.* TO x", "GRANT SELECT ON `x"})
    EXPECT_EQ(read(line), "none") << line;
}

TEST(Grants, WrittenAndReadAgainItIsTheSame) {
  Grant grant{false, {"SELECT", "REPLICATION SLAVE"}, "we`ird\\_%", "t`"};
  EXPECT_EQ(parse_grant(to_string(grant)), grant);
}

TEST(Grants, CutAnywhereItNeverGivesARightThatTheLineDoesNotName) {
  const std::string line =
      "GRANT SELECT (`a`), INSERT, REPLICATION SLAVE ON `sh\\_op`.`or``ders` TO `u`@`%` IDENTIFIED "
      "BY PASSWORD '*0123'";
  const auto whole = parse_grant(line);
  ASSERT_TRUE(whole);
  for (std::size_t cut = 0; cut <= line.size(); ++cut) {
    const auto part = parse_grant(line.substr(0, cut));
    if (!part) continue;
    EXPECT_EQ(part->privileges, whole->privileges) << cut;
    EXPECT_EQ(part->database, whole->database) << cut;
    EXPECT_EQ(to_string(*part).find("0123"), std::string::npos);
  }
}

TEST(Grants, PatternsOfDatabases) {
  EXPECT_TRUE(stands_for("*", "shop"));
  EXPECT_TRUE(stands_for("shop", "shop"));
  EXPECT_TRUE(stands_for("sh_p", "shop"));
  EXPECT_TRUE(stands_for("sh\\_op", "sh_op"));
  EXPECT_FALSE(stands_for("sh\\_op", "shxop"));
  EXPECT_TRUE(stands_for("s%p%", "shopping"));
  EXPECT_TRUE(stands_for("%", ""));
  EXPECT_FALSE(stands_for("shop", "shopx"));
  EXPECT_FALSE(stands_for("shop_", "shop"));
}

TEST(Grants, ARightOnEverythingIsOneOnEachUnlessRevokedThere) {
  const Rights rights({"GRANT SELECT, INSERT ON *.*", "REVOKE INSERT ON `mysql`.*"});
  EXPECT_TRUE(rights.globally("SELECT"));
  EXPECT_TRUE(rights.on("shop", "INSERT"));
  EXPECT_FALSE(rights.on("mysql", "INSERT"));
  EXPECT_TRUE(rights.on("", "INSERT"));
  EXPECT_FALSE(rights.on("shop", "DELETE"));
}

TEST(Grants, AllOfADatabaseHoldsNoRightOnTheServer) {
  const Rights rights({"GRANT ALL ON `shop`.*", "GRANT SELECT ON `other`.`t`"});
  EXPECT_TRUE(rights.on("shop", "DROP"));
  EXPECT_FALSE(rights.on("shop", "REPLICATION SLAVE"));
  EXPECT_FALSE(rights.globally("DROP"));
  EXPECT_FALSE(rights.on("other", "SELECT"));
}

}  // namespace
}  // namespace plumb::session

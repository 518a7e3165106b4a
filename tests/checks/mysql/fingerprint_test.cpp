#include "checks/mysql/fingerprint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "probe/model/profile.hpp"
#include "tests/support/real_packets.hpp"

namespace plumb::mysql {
namespace {

std::string_view flavor(std::string version, std::uint32_t capabilities = 0xDFFFFFFF) {
  Greeting greeting;
  greeting.version = std::move(version);
  greeting.capabilities = capabilities;
  return flavor_of(greeting);
}

TEST(Fingerprint, VersionsTellTheFlavor) {
  EXPECT_EQ(flavor("8.4.2"), "mysql");
  EXPECT_EQ(flavor("9.7.4-2"), "mysql");
  EXPECT_EQ(flavor("8.0.36-0ubuntu0.22.04.1"), "mysql");
  EXPECT_EQ(flavor("5.7.44-log"), "mysql");
  EXPECT_EQ(flavor("5.5.5-10.11.19-MariaDB-0+deb12u1"), "mariadb");
  EXPECT_EQ(flavor("11.4.2-MariaDB"), "mariadb");
  EXPECT_EQ(flavor("8.4.0-u2-cloud"), "heatwave");
  EXPECT_EQ(flavor("5.7.44-rds.20240408"), "rds");
  EXPECT_EQ(flavor("5.6.mysql_aurora.1.22.2"), "aurora");
  EXPECT_EQ(flavor("8.0.36-28-Percona"), "percona");
}

TEST(Fingerprint, AProfileMayExpectWhateverCanBeTold) {
  for (const char* version : {"8.4.2", "11.4.2-MariaDB", "8.4.0-u2-cloud", "5.7.44-rds.20240408",
                              "5.6.mysql_aurora.1.22.2", "8.0.36-28-Percona", "8.0.11-TiDB-v8.5.3",
                              "8.0.11-TiDB-v8.5.3-serverless"})
    EXPECT_NE(std::ranges::find(kFlavors, flavor(version)), kFlavors.end()) << version;
  EXPECT_NE(std::ranges::find(kFlavors, flavor("8.0.11-TiDB-v8.5.3", 0x053BE6EF)), kFlavors.end());
}

TEST(Fingerprint, TidbAndWhatStandsBeforeIt) {
  EXPECT_EQ(flavor("8.0.11-TiDB-v8.5.3", 0x051BAEAF), "tidb");
  EXPECT_EQ(flavor("8.0.11-TiDB-v8.5.3", 0x053BE6EF), "tiproxy");
  EXPECT_EQ(flavor("8.0.11-TiDB-v8.5.3", 0x053BEEEF), "tiproxy");
  EXPECT_EQ(flavor("8.0.11-TiDB-v8.5.3-serverless", 0x053BEEEF), "tidb-gateway");
  EXPECT_EQ(flavor("8.0.11-TiDB-X-CLOUD.202603.0"), "tidb-gateway");
}

TEST(Fingerprint, RealServersAreWhatTheyAre) {
  constexpr const char* kRows[][2] = {
      {"MariaDB", "mariadb"}, {"MySQL", "mysql"}, {"TiDB", "tidb"}, {"TiProxy", "tiproxy"}};
  for (const auto& [server, wanted] : kRows)
    for (const char* what : {"greeting, TLS offered", "greeting, no TLS"}) {
      const auto said = test::real_packets(server, what);
      ASSERT_EQ(said.size(), 1u) << server;
      EXPECT_EQ(flavor_of(*parse_greeting(said[0].payload)), wanted);
    }
}

TEST(Fingerprint, ClaimsNothingThatCannotBeTold) {
  EXPECT_EQ(flavor("8.0.28"), "mysql");  // Aurora MySQL 3 greets like this
  EXPECT_EQ(flavor("8.0.36-28"), "mysql");
  EXPECT_EQ(flavor(""), "unknown");
  EXPECT_EQ(flavor("hello"), "unknown");
  EXPECT_EQ(flavor("8.0"), "unknown");
  EXPECT_EQ(flavor("8.4.0-u-cloud"), "mysql");
}

}  // namespace
}  // namespace plumb::mysql

#include "src/profile_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using testing::HasSubstr;

constexpr std::string_view kWhole = R"(
- name: orders-db
  like: aurora-direct
  hosts: 'orders-[a-z]+\.corp\.example'
  title: The orders database
  address: private
  port: 3307
  tls: verify-full
  ca: /etc/ssl/orders-ca.pem
  server_name: orders.corp.example
  flavors: [aurora, mysql]
  behind_load_balancer: true
- name: plain
)";

TEST(ProfileFile, ReadsEveryKey) {
  const ProfileFile file = parse_profiles(kWhole);
  ASSERT_EQ(file.error, "");
  ASSERT_EQ(file.profiles.size(), 2U);
  const Profile& row = file.profiles[0]->row();
  EXPECT_EQ(row.title, "The orders database");
  EXPECT_EQ(row.address, Expected::private_address);
  EXPECT_EQ(row.port, 3307);
  EXPECT_EQ(row.tls, TlsMode::verify_full);
  EXPECT_EQ(row.server_name, "orders.corp.example");
  EXPECT_EQ(row.flavors, "aurora mysql");
  EXPECT_EQ(file.profiles[1]->row().kind(), "mysql");
}

TEST(ProfileFile, NamesTheLineOfWhatIsWrong) {
  EXPECT_EQ(parse_profiles("- name: a\n  prot: 1\n").error, "line 2: unknown key 'prot'");
  EXPECT_EQ(parse_profiles("- name: a\n  port: 70000\n").error,
            "line 2: expected a port, 1 to 65535");
  EXPECT_EQ(parse_profiles("- name: a\n  tls: yes\n").error,
            "line 2: expected off, preferred, required, verify-ca or verify-full");
  EXPECT_EQ(parse_profiles("- name: a\n  address: inside\n").error,
            "line 2: expected any, private or public");
  EXPECT_EQ(parse_profiles("- name: a\n- name: a\n").error,
            "line 2: a second profile of this name");
  EXPECT_THAT(parse_profiles("- like: mysql\n").error, HasSubstr("a profile's name has"));
  EXPECT_EQ(parse_profiles("name: a\n").error, "line 1: expected a list of profiles");
  EXPECT_EQ(parse_profiles("").error, "it is empty; expected a list of profiles");
  EXPECT_EQ(parse_profiles("- name: a\n  port: x\n").error, "line 2: expected a port, 1 to 65535");
  EXPECT_EQ(parse_profiles("- name: a\n  behind_load_balancer: maybe\n").error,
            "line 2: expected true or false");
  EXPECT_EQ(parse_profiles("- name: a\n  flavors: {tidb: 1}\n").error, "line 2: expected a list");
  EXPECT_EQ(
      parse_profiles("- name: a\n  flavors: [tidbb]\n").error,
      "line 1: flavors: tidbb is none of mysql, mariadb, tidb, tiproxy, tidb-gateway, aurora, "
      "rds, heatwave, percona");
  EXPECT_THAT(parse_profiles("- [\n").error, HasSubstr("line 2: "));
  EXPECT_TRUE(parse_profiles("- name: a\n- name: B\n").profiles.empty()) << "all or none";
}

TEST(ProfileFile, NamesTheFileThatCannotBeRead) {
  const support::TemporaryDirectory files;
  EXPECT_THAT(read_profile_file("/nonexistent/p.yaml").error,
              HasSubstr("/nonexistent/p.yaml: cannot read it: "));
  EXPECT_EQ(read_profile_file(files.write("p.yaml", std::string(kWhole))).error, "");
  EXPECT_THAT(read_profile_file(files.write("q.yaml", "- name: A\n")).error,
              HasSubstr("q.yaml: line 1: "));
}

}  // namespace
}  // namespace plumb

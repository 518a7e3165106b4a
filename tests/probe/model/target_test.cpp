#include "probe/model/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Target good(std::string_view text) {
  const ParsedTarget parsed = parse_target(text);
  EXPECT_TRUE(parsed.target.has_value()) << text << ": " << parsed.error.message;
  EXPECT_EQ(parsed.error.message, "");
  return parsed.target.value_or(Target{});
}

std::string bad(std::string_view text) {
  const ParsedTarget parsed = parse_target(text);
  EXPECT_FALSE(parsed.target.has_value()) << text;
  EXPECT_NE(parsed.error.message, "") << text;
  return parsed.error.message;
}

TEST(Target, PlainFormsAreTakenAsTheyAre) {
  const Target host = good("db.example.com");
  EXPECT_EQ(host.host, "db.example.com");
  EXPECT_FALSE(host.port.has_value());
  EXPECT_THAT(host.cleaned, IsEmpty());
  EXPECT_EQ(host.to_string(), "db.example.com");

  const Target with_port = good("db.example.com:4000");
  EXPECT_EQ(with_port.port, 4000);
  EXPECT_EQ(with_port.to_string(), "db.example.com:4000");
  EXPECT_EQ(with_port.given, "db.example.com:4000");
}

TEST(Target, AddressesOfBothFamilies) {
  EXPECT_EQ(good("10.0.0.1:3306").host, "10.0.0.1");
  EXPECT_TRUE(good("10.0.0.1").literal().has_value());
  EXPECT_EQ(good("2001:DB8::1").host, "2001:db8::1");
  EXPECT_EQ(good("[2001:db8::1]:4000").host, "2001:db8::1");
  EXPECT_EQ(good("[2001:db8::1]:4000").port, 4000);
  EXPECT_EQ(good("[2001:db8::1]:4000").to_string(), "[2001:db8::1]:4000");
  EXPECT_FALSE(good("[::1]").port.has_value());
  EXPECT_EQ(good("mysql://root@[::1]:3306/").host, "::1");
}

TEST(Target, UrlGivesUserAndDatabase) {
  const Target target =
      good("mysql://3pTAoNNegb47Uc8.root@gateway01.us-east-1.prod.aws.tidbcloud.com:4000/test");
  EXPECT_EQ(target.user, "3pTAoNNegb47Uc8.root");
  EXPECT_EQ(target.host, "gateway01.us-east-1.prod.aws.tidbcloud.com");
  EXPECT_EQ(target.port, 4000);
  EXPECT_EQ(target.database, "test");
  EXPECT_THAT(target.cleaned, IsEmpty());
  EXPECT_EQ(good("mariadb://a%40b@h/my%20db").user, "a@b");
  EXPECT_EQ(good("mariadb://a%40b@h/my%20db").database, "my db");
  EXPECT_EQ(good("app@h").user, "app");
}

TEST(Target, DecorationIsCleanedAndSaid) {
  const Target target = good("  'JDBC:MySQL://DB.Example.com.:3306/shop?useSSL=true' \n");
  EXPECT_EQ(target.host, "db.example.com");
  EXPECT_EQ(target.port, 3306);
  EXPECT_EQ(target.database, "shop");
  EXPECT_THAT(target.cleaned,
              ElementsAre("blanks around it", "quotes around it", "a 'jdbc:' prefix",
                          "options behind a '?' or '#'", "a trailing dot", "upper case letters"));
  EXPECT_THAT(good("db.example.com/").cleaned, ElementsAre("a trailing slash"));
  EXPECT_THAT(good("mysql://app@db.example.com/").cleaned, IsEmpty()) << "so a URL may end";
  EXPECT_THAT(good("mysql+pymysql://h").cleaned, ElementsAre("the driver's name in its scheme"));
}

TEST(Target, AUrlWithAPasswordIsRefusedAndNotEchoed) {
  for (const std::string_view text :
       {"mysql://root:S3cr3t@h:3306/db", "root:S3cr3t@h", "mysql://root:a/S3cr3t@h",
        "mysql://root:a?S3cr3t@h", "mysql://root:a#S3cr3t@h", "mysql://root:x@S3cr3t@h",
        "jdbc:mysql://h/db?user=a&password=S3cr3t", "mysql://h?PWD=S3cr3t", "http://root:S3cr3t@h",
        "mysql://:S3cr3t@h", "'root:S3cr3t@h'", "root:S3cr3t@h:x",
        "mysql://h/db?sslKeyPassword=S3cr3t", "mysql://root:S3%cr3t@h"}) {
    const std::string message = bad(text);
    EXPECT_THAT(message, Not(HasSubstr("cr3t"))) << text;
  }
  EXPECT_THAT(bad("mysql://root:S3cr3t@h"), HasSubstr("--password-file"));
}

TEST(Target, AnEmptyPasswordIsTakenOff) {
  const Target target = good("mysql://root:@h:3306");
  EXPECT_EQ(target.user, "root");
  EXPECT_THAT(target.cleaned, ElementsAre("an empty password"));
  EXPECT_EQ(target.given, "h:3306");
}

TEST(Target, ErrorsSayWhatIsWrong) {
  EXPECT_THAT(bad(""), HasSubstr("empty"));
  EXPECT_THAT(bad(" \t"), HasSubstr("empty"));
  EXPECT_THAT(bad("db:"), HasSubstr("port"));
  EXPECT_THAT(bad("db:0"), HasSubstr("'0'"));
  EXPECT_THAT(bad("db:70000"), HasSubstr("65535"));
  EXPECT_THAT(bad("db:33o6"), HasSubstr("'33o6'"));
  EXPECT_THAT(bad("https://db"), HasSubstr("scheme"));
  EXPECT_THAT(bad("a,b:3306"), HasSubstr("several"));
  EXPECT_THAT(bad("[::1"), HasSubstr("]"));
  EXPECT_THAT(bad("[::1]4000"), HasSubstr("behind ']'"));
  EXPECT_THAT(bad("[10.0.0.1]:1"), HasSubstr("IPv6"));
  EXPECT_THAT(bad("fe80::1%eth0"), HasSubstr("IPv6"));
  EXPECT_THAT(bad("10.0.0.256"), HasSubstr("IPv4"));
  EXPECT_THAT(bad("10.0.0"), HasSubstr("IPv4"));
  EXPECT_THAT(bad("a b"), HasSubstr("character"));
  EXPECT_THAT(bad("dätabase"), HasSubstr("xn--"));
  EXPECT_THAT(bad("a..b"), HasSubstr("empty part"));
  EXPECT_THAT(bad("a.."), HasSubstr("two dots"));
  EXPECT_THAT(bad("-oProxyCommand=x"), HasSubstr("character"));
  EXPECT_THAT(bad("-o"), HasSubstr("'-'"));
  EXPECT_THAT(bad(std::string(64, 'a') + ".com"), HasSubstr("63"));
  std::string long_name;
  for (int i = 0; i < 130; ++i) long_name += "a.";
  EXPECT_THAT(bad(long_name + "com"), HasSubstr("253"));
  EXPECT_THAT(bad(std::string(3000, 'a')), HasSubstr("2048"));
  EXPECT_THAT(bad("mysql://u%zz@h"), HasSubstr("user name"));
  EXPECT_THAT(bad("mysql://u%0a@h"), HasSubstr("user name"));
  EXPECT_THAT(bad("mysql://h/%1b[2J"), HasSubstr("database name"));
}

TEST(Target, AMessageNeverCarriesTerminalControls) {
  EXPECT_THAT(bad("db\x1b[2J"), HasSubstr("\\x1b"));
  EXPECT_THAT(bad(std::string_view("a\0b", 3)), HasSubstr("\\x00"));
}

}  // namespace
}  // namespace plumb

#include "src/cli_values.hpp"

#include <gtest/gtest.h>

namespace plumb {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("10s"), milliseconds(10'000));
  EXPECT_EQ(parse_duration("10m"), milliseconds(600'000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(parse_duration("2d"), milliseconds(172'800'000));
  EXPECT_EQ(parse_duration("365d"), milliseconds(31'536'000'000));
}

TEST(ParseDuration, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "10", "s", "0s", "-1s", "1.5s", "10 s", "10S", "1h30m", "366d",
                           "99999999999999999999s", "9223372036854775807h", "+1s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(ParseReplicaVersion, IsThreeNumbersAndNothingElse) {
  EXPECT_EQ(parse_replica_version("8.4.0"), "8.4.0");
  for (const char* text : {"", "8.4", "8.4.0-u2-cloud", "08.4.0", "v8.4.0", "8.4.0.1", " 8.4.0"})
    EXPECT_FALSE(parse_replica_version(text)) << text;
}

TEST(ParseRate, IsANumberASecondWithOrWithoutItsUnit) {
  EXPECT_EQ(parse_rate("500/s"), 500.0);
  EXPECT_EQ(parse_rate("500"), 500.0);
  EXPECT_EQ(parse_rate("0.5/s"), 0.5);
  for (const char* bad :
       {"", "/s", "0", "0/s", "0.0001", "-1", "1e3", "inf", "nan", "1/m", "1 /s", "2000000000"})
    EXPECT_FALSE(parse_rate(bad)) << bad;
}

TEST(ParseTlsMode, KnowsOursMysqlsAndDmsWords) {
  EXPECT_EQ(parse_tls_mode("off"), TlsMode::off);
  EXPECT_EQ(parse_tls_mode("verify-full"), TlsMode::verify_full);
  EXPECT_EQ(parse_tls_mode("DISABLED"), TlsMode::off);
  EXPECT_EQ(parse_tls_mode("Preferred"), TlsMode::preferred);
  EXPECT_EQ(parse_tls_mode("REQUIRED"), TlsMode::required);
  EXPECT_EQ(parse_tls_mode("VERIFY_CA"), TlsMode::verify_ca);
  EXPECT_EQ(parse_tls_mode("verify_identity"), TlsMode::verify_full);
  EXPECT_EQ(parse_tls_mode("none"), TlsMode::off);
}

TEST(ParseTlsMode, RefusesOthers) {
  for (const char* text : {"", "on", "true", "verify", "verify full", "VERIFY-IDENTITY"})
    EXPECT_FALSE(parse_tls_mode(text)) << text;
}

TEST(ParseResolver, PortIsFiftyThreeUnlessGiven) {
  EXPECT_EQ(parse_resolver("10.0.0.2")->to_string(), "10.0.0.2:53");
  EXPECT_EQ(parse_resolver("10.0.0.2:5353")->to_string(), "10.0.0.2:5353");
  EXPECT_EQ(parse_resolver("fd00::2")->to_string(), "[fd00::2]:53");
  EXPECT_EQ(parse_resolver("[fd00::2]:5353")->to_string(), "[fd00::2]:5353");
  for (const char* text : {"", "resolver.example.com", "10.0.0.2:", "10.0.0.2:0", "[fd00::2]"})
    EXPECT_FALSE(parse_resolver(text)) << text;
}

}  // namespace
}  // namespace plumb

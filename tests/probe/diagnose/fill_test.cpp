#include "probe/diagnose/fill.hpp"

#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

TEST(Fill, FillsNamesAndMarksWhatIsUnknown) {
  const Bindings bindings{{"host", "db.example.com"}, {"port", "4000"}, {"empty", ""}};
  EXPECT_EQ(fill_text("{host}:{port} {what} {empty}", bindings),
            "db.example.com:4000 <what> <empty>");
  EXPECT_EQ(fill_command("dig {host} @<vpce>", bindings), "dig db.example.com @<vpce>");
}

TEST(Fill, LeavesBracesThatHoldNoNameAlone) {
  const Bindings bindings{{"port", "4000"}};
  EXPECT_EQ(fill_command(R"('{"Value":true}' [{GroupId=<sg>}] {} {port} {po)", bindings),
            R"('{"Value":true}' [{GroupId=<sg>}] {} 4000 {po)");
  EXPECT_EQ(fill_command("{", {}), "{");
}

TEST(Fill, NothingThatServerTextHoldsReachesACommand) {
  for (const char* evil : {"x; rm -rf /",
                           "$(reboot)",
                           "`id`",
                           "a|b",
                           "a&b",
                           "a>b",
                           "a b",
                           "a'b",
                           "a\"b",
                           "-rf",
                           "a\nb",
                           "--",
                           "a\\b",
                           "*",
                           "~root",
                           "#x",
                           "a\x1b[2J",
                           "<x>",
                           "{host}",
                           "$IFS",
                           "(x)",
                           "é",
                           "';DROP USER root;--",
                           "!1",
                           "a?b",
                           "[a]"})
    EXPECT_EQ(fill_command("ping {evil}", {{"evil", evil}}), "ping <evil>") << evil;
  EXPECT_EQ(fill_command("ping {evil}", {{"evil", std::string(300, 'a')}}), "ping <evil>");
  EXPECT_EQ(fill_command("x {arn}", {{"arn", "arn:aws:iam::1:root/a_b@c%d+e=f,g-h"}}),
            "x arn:aws:iam::1:root/a_b@c%d+e=f,g-h");
}

TEST(Fill, AValueIsNeverReadAsATemplateAndNeverSteersATerminal) {
  const Bindings bindings{{"raw", "{host} %s \x1b[2J"}, {"host", "secret"}};
  EXPECT_EQ(fill_text("error: {raw}", bindings), "error: {host} %s \\x1b[2J");
  EXPECT_LE(fill_text("{raw}", {{"raw", std::string(10000, 'a')}}).size(), 256U);
}

TEST(Fill, TheDecisiveObservationAndTheMatchBind) {
  test::CaseBuilder builder("db.example.com:4000");
  builder.resolved({"10.0.0.1"}).timed_out("10.0.0.1:4001").timed_out("10.0.0.2:4000");
  Verdict verdict = Verdict::yes(Confidence::certain, Severity::error, {3}, {{"host", "bound"}});
  const Bindings bindings = bindings_of(builder.build(), verdict);
  EXPECT_EQ(fill_text("{host} {port} {address} {addresses} {endpoint} {raw} {resolver}", bindings),
            "bound 4001 10.0.0.1 10.0.0.1, 10.0.0.2 10.0.0.1:4001 timed_out <resolver>");
}

TEST(Fill, WhereWeAreFillsTheClientsSide) {
  test::CaseBuilder builder("db.example.com:4000");
  builder.timed_out("10.0.0.1:4000");
  const Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, {1});
  EXPECT_EQ(fill_command("{vpc} {client_sg} {region}", bindings_of(builder.build(), verdict)),
            "<vpc> <client_sg> <region>");
  builder.here("aws", "us-east-1").fact(key::local_vpc, std::string("vpc-1"));
  builder.fact(key::local_groups, test::Strings{"sg-1", "sg-2"});
  EXPECT_EQ(fill_command("{vpc} {client_sg} {region}", bindings_of(builder.build(), verdict)),
            "vpc-1 sg-1 us-east-1");
}

}  // namespace
}  // namespace plumb

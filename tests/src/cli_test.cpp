#include "src/cli.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class C>
C command(const std::vector<std::string>& arguments) {
  auto parsed = parse_command_line(arguments);
  if (const Answer* answer = std::get_if<Answer>(&parsed)) {
    ADD_FAILURE() << answer->err << answer->out;
    return {};
  }
  return std::get<C>(std::get<Command>(parsed));
}

Answer answer(const std::vector<std::string>& arguments) {
  auto parsed = parse_command_line(arguments);
  if (const Answer* given = std::get_if<Answer>(&parsed)) return *given;
  ADD_FAILURE() << "was accepted";
  return {};
}

TEST(CommandLine, CheckTakesSeveralTargetsAndKeepsTheirOrder) {
  const auto check = command<CheckOptions>({"check", "b:1", "a:2", "-o", "json"});
  EXPECT_EQ(check.targets, (std::vector<std::string>{"b:1", "a:2"}));
  EXPECT_EQ(check.report.format, "json");
}

TEST(CommandLine, DefaultsAreThoseOfTheContract) {
  const auto check = command<CheckOptions>({"check", "db"});
  EXPECT_EQ(check.settings.timeout, std::chrono::seconds(10));
  EXPECT_EQ(check.settings.retry_auth, std::chrono::hours(1));
  EXPECT_EQ(check.settings.per_address, 4);
  EXPECT_EQ(check.settings.probe_user, "plumb_probe");
  EXPECT_FALSE(check.settings.tls);
  EXPECT_TRUE(check.settings.ipv4 && check.settings.ipv6);
  EXPECT_EQ(check.report.fail_on, Severity::error);
  EXPECT_EQ(check.report.format, "text");
  const auto wait = command<WaitOptions>({"wait", "db"});
  EXPECT_EQ(wait.until, Outcome::ok);
  EXPECT_EQ(wait.deadline, std::chrono::minutes(10));
  EXPECT_EQ(wait.interval, std::chrono::seconds(10));
}

TEST(CommandLine, WaitAndReplayAndCauses) {
  const auto wait = command<WaitOptions>({"wait", "--for", "failed", "--deadline", "5m",
                                          "--interval", "100ms", "--tls", "none", "db"});
  EXPECT_EQ(wait.until, Outcome::failed);
  EXPECT_EQ(wait.deadline, std::chrono::minutes(5));
  EXPECT_EQ(wait.interval, std::chrono::milliseconds(100));
  EXPECT_EQ(wait.check.settings.tls, TlsMode::off);
  EXPECT_EQ(command<ReplayOptions>({"replay", "-", "--explain"}).file, "-");
  EXPECT_EQ(command<CausesOptions>({"causes", "dns-nxdomain", "-o", "json"}).id, "dns-nxdomain");
  command<SelftestOptions>({"selftest"});
}

TEST(CommandLine, WhatIsNotUnderstoodIsNotEchoedWhole) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"check", "db", "--password", "hunter2"},
                                             {"check", "db", "--password=hunter2"},
                                             {"check", "db", "-phunter2"},
                                             {"check", "db", "--passwd=hunter2"},
                                             {"wait", "db", "--password", "hunter2"},
                                             {"wait", "db", "mysql://u:hunter2@db"},
                                             {"hunter2"},
                                             {"check", "db", "--nonsense=hunter2"}}) {
    const Answer given = answer(arguments);
    EXPECT_EQ(given.exit_code, 2);
    EXPECT_THAT(given.err, Not(HasSubstr("hunter2")));
    EXPECT_EQ(given.out, "");
  }
  EXPECT_THAT(answer({"check", "db", "--password", "x"}).err, HasSubstr("--password-file"));
}

TEST(CommandLine, WrongUsageUnderNagiosIsUnknown) {
  EXPECT_EQ(answer({"check", "--nonsense", "db", "-o", "nagios"}).exit_code, 3);
  EXPECT_EQ(answer({"check", "--nonsense", "db", "-onagios"}).exit_code, 3);
  EXPECT_EQ(answer({"check", "--nonsense", "db"}).exit_code, 2);
}

TEST(CommandLine, HelpAndVersionGoToStdout) {
  const Answer help = answer({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.err, "");
  for (const char* name : {"check", "wait", "replay", "causes", "profiles", "selftest"})
    EXPECT_THAT(help.out, HasSubstr(name));
  EXPECT_EQ(answer({"--version"}).out, "plumb " PLUMB_VERSION "\n");
  EXPECT_EQ(answer({"check", "--version"}).out, "plumb " PLUMB_VERSION "\n");
}

TEST(CommandLine, HelpListsNothingThatDoesNotWork) {
  std::string all = answer({"--help"}).out;
  for (const char* name : {"check", "wait", "replay", "causes", "profiles", "selftest"})
    all += answer({name, "--help"}).out;
  for (const char* later : {"serve ", "history", "\n  cloud ", "--shard"})
    EXPECT_THAT(all, Not(HasSubstr(later))) << later;
}

}  // namespace
}  // namespace plumb

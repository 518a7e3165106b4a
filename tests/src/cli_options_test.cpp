#include "src/cli_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/cli.hpp"

namespace plumb {
namespace {

using testing::HasSubstr;

CheckOptions accepted(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "check");
  const auto parsed = parse_command_line(arguments);
  if (const Answer* answer = std::get_if<Answer>(&parsed)) {
    ADD_FAILURE() << answer->err;
    return {};
  }
  return std::get<CheckOptions>(std::get<Command>(parsed));
}

std::string refused(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "check");
  const auto parsed = parse_command_line(arguments);
  const Answer* answer = std::get_if<Answer>(&parsed);
  return answer ? answer->err : "accepted";
}

TEST(CheckOptions, ValuesOfTlsArrive) {
  const auto settings = accepted({"db", "--tls", "VERIFY_CA", "--ca", "ca.pem", "--server-name",
                                  "n", "--tls-cert", "c", "--tls-key", "k", "--cert-warn", "30"})
                            .settings;
  EXPECT_EQ(settings.tls, TlsMode::verify_ca);
  EXPECT_EQ(settings.ca, "ca.pem");
  EXPECT_EQ(settings.server_name, "n");
  EXPECT_EQ(settings.client_certificate_file, "c");
  EXPECT_EQ(settings.client_key_file, "k");
  EXPECT_EQ(settings.cert_warn_days, 30);
}

TEST(CheckOptions, ValuesOfTheRouteArrive) {
  const auto settings =
      accepted({"db", "--connect-to", "10.0.0.9", "--resolver", "10.0.0.2", "--resolver",
                "10.0.0.3:5353", "--vpc-resolver", "10.0.0.1", "-4", "--source", "10.0.0.5",
                "--timeout", "2500ms", "--per-address", "2"})
          .settings;
  EXPECT_EQ(settings.connect_to->to_string(), "10.0.0.9");
  ASSERT_EQ(settings.resolvers.size(), 2u);
  EXPECT_EQ(settings.resolvers[0].to_string(), "10.0.0.2:53");
  EXPECT_EQ(settings.resolvers[1].to_string(), "10.0.0.3:5353");
  EXPECT_EQ(settings.vpc_resolver->to_string(), "10.0.0.1:53");
  EXPECT_TRUE(settings.ipv4);
  EXPECT_FALSE(settings.ipv6);
  EXPECT_EQ(settings.source->to_string(), "10.0.0.5");
  EXPECT_EQ(settings.timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(settings.per_address, 2);
}

TEST(CheckOptions, ValuesOfThePurposeArrive) {
  EXPECT_EQ(accepted({"db"}).settings.purpose, Purpose::connect);
  EXPECT_EQ(accepted({"db", "--purpose", "dms-target"}).settings.purpose, Purpose::dms_target);
  const auto settings =
      accepted({"db", "--purpose", "replication-source", "--replica-version", "8.4.0"}).settings;
  EXPECT_EQ(settings.purpose, Purpose::replication_source);
  EXPECT_EQ(settings.replica_version, "8.4.0");
}

TEST(CheckOptions, WrongPurposesAreRefusedWithTheForm) {
  EXPECT_EQ(refused({"db", "--purpose", "dms"}),
            "plumb: --purpose: expected connect, dms-source, dms-target or replication-source\n"
            "Try 'plumb check --help'.\n");
  EXPECT_EQ(refused({"db", "--purpose", "replication-source", "--replica-version", "8.4"}),
            "plumb: --replica-version: expected three numbers, such as 8.4.0\nTry 'plumb check "
            "--help'.\n");
  EXPECT_EQ(refused({"db", "--replica-version", "8.4.0"}),
            "plumb: --replica-version needs --purpose replication-source\n"
            "Try 'plumb check --help'.\n");
}

TEST(CheckOptions, ValuesOfLoginAndReportArrive) {
  const CheckOptions options = accepted(
      {"db", "--user", "app", "--password-file", "pw", "--probe-user", "p", "--retry-auth", "90s",
       "--fail-on", "warning", "-o", "html", "--save", "f", "--explain", "-q", "--no-color"});
  EXPECT_EQ(options.settings.user, "app");
  EXPECT_EQ(options.password_file, "pw");
  EXPECT_EQ(options.settings.probe_user, "p");
  EXPECT_EQ(options.settings.retry_auth, std::chrono::seconds(90));
  EXPECT_EQ(options.report.fail_on, Severity::warning);
  EXPECT_EQ(options.report.format, "html");
  EXPECT_EQ(options.save_file, "f");
  EXPECT_TRUE(options.report.explain && options.report.quiet && options.report.no_color);
  EXPECT_EQ(options.targets, std::vector<std::string>{"db"});
}

TEST(CheckOptions, WhatAFleetMayTakeArrives) {
  const CheckOptions options =
      accepted({"--targets", "a.yaml", "--targets", "-", "--concurrency", "4000", "--rate", "50/s",
                "--per-address", "8", "--per-address-rate", "100", "--resolver-rate", "0.5/s"});
  EXPECT_THAT(options.target_lists, testing::ElementsAre("a.yaml", "-"));
  EXPECT_EQ(options.settings.concurrency, 4000);
  EXPECT_EQ(options.settings.rate, 50);
  EXPECT_EQ(options.settings.per_address, 8);
  EXPECT_EQ(options.settings.per_address_rate, 100);
  EXPECT_EQ(options.settings.resolver_rate, 0.5);
  EXPECT_THAT(refused({"db", "--rate", "many"}),
              HasSubstr("--rate: expected a number a second, such as 500/s"));
  EXPECT_THAT(refused({"db", "--concurrency", "0"}), HasSubstr("--concurrency"));
}

TEST(CheckOptions, StdinIsReadOnce) {
  EXPECT_THAT(refused({"-", "--targets", "-"}), HasSubstr("can be read from stdin only once"));
  EXPECT_THAT(refused({"--targets", "-", "--user", "u", "--password-file", "-"}),
              HasSubstr("cannot both be read from stdin"));
  EXPECT_THAT(refused({}), HasSubstr("TARGET is required, or a list of them with --targets"));
}

TEST(CheckOptions, ARepeatableOptionDoesNotSwallowTheTarget) {
  EXPECT_EQ(accepted({"--resolver", "10.0.0.2", "db"}).targets, std::vector<std::string>{"db"});
}

TEST(CheckOptions, OnlyIpv6) {
  const auto options = accepted({"-6", "db"});
  EXPECT_FALSE(options.settings.ipv4);
  EXPECT_TRUE(options.settings.ipv6);
}

TEST(CheckOptions, AValueThatIsNotUnderstoodNamesItsOption) {
  EXPECT_THAT(refused({"db", "--tls", "maybe"}), HasSubstr("--tls: expected off, preferred"));
  EXPECT_THAT(refused({"db", "--timeout", "10"}), HasSubstr("--timeout: expected a duration"));
  EXPECT_THAT(refused({"db", "--connect-to", "db2"}), HasSubstr("--connect-to: expected an IP"));
  EXPECT_THAT(refused({"db", "--resolver", "dns"}), HasSubstr("--resolver: expected IP"));
  EXPECT_THAT(refused({"db", "--fail-on", "bad"}), HasSubstr("--fail-on: expected info"));
  EXPECT_THAT(refused({"db", "-o", "xml"}), HasSubstr("-o"));
  EXPECT_THAT(refused({"db", "--per-address", "0"}), HasSubstr("--per-address"));
  EXPECT_THAT(refused({"db", "--cert-warn", "-1"}), HasSubstr("--cert-warn"));
  EXPECT_THAT(refused({}), HasSubstr("TARGET"));
}

TEST(CheckOptions, WhatContradictsItselfIsRefused) {
  EXPECT_THAT(refused({"db", "-4", "-6"}), HasSubstr("-4"));
  EXPECT_THAT(refused({"db", "--user", "app"}), HasSubstr("--password-file"));
  EXPECT_THAT(refused({"db", "--tls-cert", "c"}), HasSubstr("--tls-key"));
  EXPECT_THAT(refused({"-", "--user", "app", "--password-file", "-"}), HasSubstr("stdin"));
  EXPECT_THAT(refused({"-", "-"}), HasSubstr("stdin"));
  EXPECT_THAT(refused({"db", "-4", "--connect-to", "fd00::1"}), HasSubstr("--connect-to"));
  EXPECT_THAT(refused({"db", "--source", "10.0.0.1", "--connect-to", "fd00::1"}),
              HasSubstr("families"));
  EXPECT_THAT(refused({"db", "--pinned-target", "10.0.0.1", "--connect-to", "10.0.0.2"}),
              HasSubstr("which --connect-to does not ask"));
  EXPECT_THAT(refused({"db", "-6", "--pinned-target", "10.0.0.1"}), HasSubstr("-4 or -6"));
  EXPECT_THAT(refused({"db", "--source", "10.0.0.1", "--pinned-target", "fd00::1"}),
              HasSubstr("families"));
}

}  // namespace
}  // namespace plumb

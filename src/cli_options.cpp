#include "src/cli_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/address.hpp"
#include "src/cli_values.hpp"
#include "src/output/registry.hpp"

namespace plumb {
namespace {

// An option whose value is read by `parse`; `form` tells what it should have looked like.
template <class Parse, class Store>
CLI::Option* add_value(CLI::App& command, const std::string& name, Parse parse, Store store,
                       const std::string& form, const std::string& help) {
  const auto read = [=](const std::string& text) {
    const auto value = parse(text);
    if (!value) throw CLI::ValidationError(name, "expected " + form);
    store(*value);
  };
  return command.add_option_function<std::string>(name, read, help);
}

CLI::Option* add_duration(CLI::App& command, const std::string& name,
                          std::function<void(std::chrono::milliseconds)> store,
                          const std::string& help) {
  return add_value(command, name, parse_duration, std::move(store),
                   "a duration such as 500ms, 10s, 10m or 1h", help)
      ->type_name("DURATION");
}

CLI::Option* add_rate(CLI::App& command, const std::string& name, double& into,
                      const std::string& help) {
  return add_value(
             command, name, parse_rate, [&into](double rate) { into = rate; },
             "a number a second, such as 500/s", help)
      ->type_name("N/s");
}

CLI::Option* add_address(CLI::App& command, const std::string& name, std::optional<Address>& into,
                         const std::string& help) {
  return add_value(
             command, name, Address::parse, [&into](const Address& ip) { into = ip; },
             "an IP address, without brackets or port", help)
      ->type_name("IP");
}

void add_tls(CLI::App& command, engine::Settings& into) {
  command.option_defaults()->group("TLS");
  add_value(
      command, "--tls", parse_tls_mode, [&into](TlsMode mode) { into.tls = mode; },
      "off, preferred, required, verify-ca or verify-full (MySQL's DISABLED … VERIFY_IDENTITY and "
      "DMS's none mean the same)",
      "what TLS must give: off, preferred, required, verify-ca or verify-full; without it "
      "verify-full where --ca or --server-name is given, else the profile's")
      ->type_name("MODE");
  command
      .add_option("--ca", into.ca,
                  "trusted roots: a PEM file, system (this host's store), or those inside plumb, "
                  "isrg-root-x1 and isrg-roots (X1 and X2); without it the profile's")
      ->type_name("FILE");
  command
      .add_option("--server-name", into.server_name,
                  "name the certificate must be for; without it the host")
      ->type_name("NAME");
  command.add_option("--tls-cert", into.client_certificate_file, "client certificate, PEM")
      ->type_name("FILE");
  command.add_option("--tls-key", into.client_key_file, "the client certificate's key, PEM")
      ->type_name("FILE");
  const auto warn = [&into](const int& days) { into.cert_warn_days = days; };
  command
      .add_option_function<int>(
          "--cert-warn", warn,
          "warn when a certificate has fewer days left than this; without it 21, "
          "or a third of its lifetime")
      ->check(CLI::Range(0, 36500))
      ->type_name("DAYS");
}

void add_route(CLI::App& command, engine::Settings& into) {
  command.option_defaults()->group("The way there");
  add_address(command, "--connect-to", into.connect_to, "skip DNS and connect to this address");
  add_address(command, "--pinned-target", into.pinned_target,
              "the address in a load balancer's target group: is it still one of the host's?");
  const auto add_resolver = [&into](const std::vector<std::string>& given) {
    for (const std::string& text : given) {
      const auto resolver = parse_resolver(text);
      if (!resolver) throw CLI::ValidationError("--resolver", "expected IP or IP:PORT");
      into.resolvers.push_back(*resolver);
    }
  };
  command
      .add_option_function<std::vector<std::string>>(
          "--resolver", add_resolver,
          "ask this resolver instead of the configured ones; repeatable")
      ->allow_extra_args(false)
      ->option_text("IP[:PORT]");
  add_value(
      command, "--vpc-resolver", parse_resolver,
      [&into](const Endpoint& resolver) { into.vpc_resolver = resolver; }, "an IP address",
      "ask this resolver as well and compare")
      ->type_name("IP");
  const auto only_v4 = [&into](std::int64_t) { into.ipv6 = false; };
  const auto only_v6 = [&into](std::int64_t) { into.ipv4 = false; };
  auto* v4 = command.add_flag_function("-4", only_v4, "IPv4 only");
  command.add_flag_function("-6", only_v6, "IPv6 only")->excludes(v4);
  add_address(command, "--source", into.source, "leave from this address, in its family only");
  const auto no_metadata = [&into](std::int64_t) { into.metadata = false; };
  command.add_flag_function("--no-metadata", no_metadata,
                            "do not ask the cloud's metadata service where this host is");
}

void add_login(CLI::App& command, CheckOptions& into) {
  command.option_defaults()->group("Login");
  engine::Settings& settings = into.settings;
  command.add_option("--user", settings.user, "account to log in with; needs --password-file")
      ->type_name("NAME");
  command
      .add_option("--password-file", into.password_file, "the account's password; - reads stdin")
      ->type_name("FILE");
  command
      .add_option("--probe-user", settings.probe_user,
                  "user of the anonymous login, without an account")
      ->capture_default_str()
      ->type_name("NAME");
  add_duration(
      command, "--retry-auth",
      [&settings](std::chrono::milliseconds wait) {
        settings.retry_auth = std::chrono::ceil<std::chrono::seconds>(wait);
      },
      "send a refused password again only after this [1h]");
}

void add_purpose(CLI::App& command, engine::Settings& into) {
  add_value(
      command, "--purpose", from_string<Purpose>,
      [&into](Purpose purpose) { into.purpose = purpose; },
      "connect, dms-source, dms-target or replication-source",
      "what the server is for: connect, dms-source, dms-target or replication-source; all but "
      "connect need an account [connect]")
      ->type_name("PURPOSE");
  add_value(
      command, "--replica-version", parse_replica_version,
      [&into](const std::string& version) { into.replica_version = version; },
      "three numbers, such as 8.4.0", "version of the replica, with --purpose replication-source")
      ->type_name("X.Y.Z");
}

void add_deployment(CLI::App& command, CheckOptions& into) {
  command.option_defaults()->group("Deployment and purpose");
  command
      .add_option("--profile", into.settings.profile,
                  "the deployment ('plumb profiles' lists them); without it chosen by the host's "
                  "name")
      ->type_name("NAME");
  command.add_option("--profile-file", into.profile_file, "profiles of your own, YAML")
      ->type_name("FILE");
  add_purpose(command, into.settings);
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
  return out;
}

bool differs(const std::optional<Address>& address, const engine::Settings& settings) {
  return address && !(address->is_v4() ? settings.ipv4 : settings.ipv6);
}

}  // namespace

void add_report_options(CLI::App& command, ReportOptions& into) {
  command.option_defaults()->group("Report");
  add_value(
      command, "--fail-on", from_string<Severity>,
      [&into](Severity severity) { into.fail_on = severity; }, "info, warning, error or critical",
      "exit 1 from this severity on: info, warning, error or critical [error]")
      ->type_name("SEVERITY");
  command.add_option("-o", into.format, "the report as " + listed(output::format_names()))
      ->check(CLI::IsMember(output::format_names()))
      ->capture_default_str()
      ->type_name("FORMAT");
  command.add_flag("--explain", into.explain,
                   "every candidate, and why other causes were ruled out");
  command.add_flag("-q", into.quiet,
                   "failing targets only; as text a line for each, and their causes on stderr");
  command.add_flag("--no-color", into.no_color, "no colour, as with NO_COLOR in the environment");
}

void add_check_options(CLI::App& command, CheckOptions& into) {
  engine::Settings& settings = into.settings;
  add_deployment(command, into);
  add_tls(command, settings);
  add_route(command, settings);
  add_login(command, into);
  command.option_defaults()->group("Limits");
  add_duration(
      command, "--timeout",
      [&settings](std::chrono::milliseconds time) { settings.timeout = time; },
      "budget of one target, everything included [10s]");
  command.add_option("--per-address", settings.per_address, "connections in flight to one address")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->type_name("N");
  add_rate(command, "--per-address-rate", settings.per_address_rate,
           "connections begun to one address in a second [20/s]");
  add_rate(command, "--resolver-rate", settings.resolver_rate,
           "questions to one resolver in a second [500/s]");
  command.option_defaults()->group("Report");
  command.add_option("--save", into.save_file, "write the evidence for 'plumb replay'")
      ->type_name("FILE");
  add_report_options(command, into.report);
}

void add_fleet_options(CLI::App& command, CheckOptions& into) {
  command.option_defaults()->group("Many targets");
  command
      .add_option("--targets", into.target_lists,
                  "a list of targets, or - for stdin: one a line, blank lines and # skipped; or "
                  "YAML, known by a first line that begins with '- ': strings, or maps with target "
                  "and, as needed, profile, purpose, connect_to, server_name, ca, user, "
                  "password_file, labels; repeatable")
      ->allow_extra_args(false)
      ->option_text("FILE");
  command.add_option("--concurrency", into.settings.concurrency, "targets in flight")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str()
      ->type_name("N");
  add_rate(command, "--rate", into.settings.rate,
           "targets begun in a second; without it as many as there is room for");
}

namespace {

std::string stdin_conflict(const CheckOptions& options) {
  const auto lists =
      std::ranges::count(options.targets, "-") + std::ranges::count(options.target_lists, "-");
  if (lists > 0 && options.password_file == "-")
    return "the targets and --password-file cannot both be read from stdin";
  return lists > 1 ? "the targets can be read from stdin only once" : "";
}

}  // namespace

std::string check_conflict(const CheckOptions& options) {
  const engine::Settings& settings = options.settings;
  if (options.targets.empty() && options.target_lists.empty())
    return "TARGET is required, or a list of them with --targets";
  if (std::string clash = stdin_conflict(options); !clash.empty()) return clash;
  if (!settings.user.empty() && options.password_file.empty())
    return "--user needs --password-file FILE (or - for stdin); without an account leave it out";
  if (settings.client_certificate_file.empty() != settings.client_key_file.empty())
    return "--tls-cert and --tls-key go together";
  if (!settings.replica_version.empty() && settings.purpose != Purpose::replication_source)
    return "--replica-version needs --purpose replication-source";
  if (differs(settings.connect_to, settings)) return "--connect-to is excluded by -4 or -6";
  if (differs(settings.pinned_target, settings)) return "--pinned-target is excluded by -4 or -6";
  if (settings.pinned_target && settings.connect_to)
    return "--pinned-target is compared with what the name gives, which --connect-to does not ask";
  if (differs(settings.source, settings)) return "--source is excluded by -4 or -6";
  if (settings.connect_to && settings.source &&
      settings.connect_to->is_v4() != settings.source->is_v4())
    return "--source and --connect-to are of different address families";
  if (settings.pinned_target && settings.source &&
      settings.pinned_target->is_v4() != settings.source->is_v4())
    return "--source and --pinned-target are of different address families";
  return {};
}

}  // namespace plumb

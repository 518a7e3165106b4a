#include "src/scenario_story.hpp"

#include <optional>
#include <string>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

using yaml::text_of;
using yaml::text_or;

ServerError read_error(const YAML::Node& node, const std::string& sqlstate) {
  ServerError error;
  error.code = node["error"].as<unsigned>();
  error.text = text_or(node, "text", "an error");
  error.sqlstate = text_or(node, "sqlstate", sqlstate);
  return error;
}

LoginStory read_login(const YAML::Node& node) {
  LoginStory login;
  if (node.IsScalar()) {
    if (text_of(node) != "ok") login.breaks = yaml::failure_of(node);
    return login;
  }
  yaml::allow_keys(node, {"error", "sqlstate", "text", "switch", "sha2", "breaks", "after"});
  if (node["error"]) login.error = read_error(node, "28000");
  if (node["breaks"]) login.breaks = yaml::failure_of(node["breaks"]);
  if (node["after"]) login.after = yaml::span_of(node["after"]);
  login.switch_to = text_or(node, "switch", "");
  login.sha2 = text_or(node, "sha2", "");
  return login;
}

void read_greeting(const YAML::Node& node, ServerStory& into) {
  if (node.IsScalar()) {
    into.silence = yaml::failure_of(node);
    return;
  }
  yaml::allow_keys(node, {"version", "plugin", "tls", "error", "sqlstate", "text", "after"});
  if (node["after"]) into.greets_after = yaml::span_of(node["after"]);
  if (node["error"]) into.refuses = read_error(node, "");
  into.version = text_or(node, "version", into.version);
  into.plugin = text_or(node, "plugin", into.plugin);
  into.offers_tls = yaml::flag_or(node, "tls", into.offers_tls);
}

struct Dates {
  WallTime from, to;
  std::optional<Failure> failure;
};

Dates read_dates(const YAML::Node& node, WallTime now) {
  const auto left =
      node["expires_in"] ? yaml::span_of(node["expires_in"]) : std::chrono::hours(1440);
  const auto life = node["lifetime"] ? yaml::span_of(node["lifetime"]) : std::chrono::hours(2160);
  const WallTime to = now + left;
  const WallTime from = to - life;
  if (to <= now) return {from, to, Failure::certificate_expired};
  if (from > now) return {from, to, Failure::certificate_not_yet_valid};
  return {from, to, std::nullopt};
}

Facts certificate(const std::string& subject, const std::string& issuer, const Dates& dates,
                  bool ca) {
  Facts row;
  row.set(key::cert_subject, subject);
  row.set(key::cert_issuer, issuer);
  row.set(key::cert_not_before, rfc3339(dates.from));
  row.set(key::cert_not_after, rfc3339(dates.to));
  row.set(key::cert_key, std::string("RSA-2048"));
  row.set(key::cert_is_ca, ca);
  row.set(key::cert_self_signed, subject == issuer);
  return row;
}

// "subject < issuer" is the leaf, the issuers above it follow as they are listed in `chain`.
void describe_chain(const YAML::Node& node, const TlsStory& story, const Dates& dates, WallTime now,
                    Facts& facts) {
  const std::string subject =
      text_or(node, "subject", "CN=" + (story.names.empty() ? "server" : story.names.front()));
  const std::string issuer = text_or(node, "issuer", "CN=Example Issuing CA");
  const WallTime upper_end = node["chain_expires_in"]
                                 ? now + yaml::span_of(node["chain_expires_in"])
                                 : dates.to + std::chrono::hours(24 * 3650);
  const Dates upper{dates.from - std::chrono::hours(24 * 365), upper_end, std::nullopt};
  std::vector<Facts> rows{certificate(subject, issuer, dates, false)};
  std::vector<std::string> above = yaml::texts(node["chain"]);
  if (!node["chain"] && subject != issuer) above = {"CN=Example Root CA"};
  std::string below = issuer;
  for (const std::string& next : above) {
    rows.push_back(certificate(below, next, upper, true));
    below = next;
  }
  std::vector<std::string> san;
  for (const std::string& name : story.names)
    san.push_back((Address::parse(name) ? "IP:" : "DNS:") + name);
  facts.set(key::tls_subject, subject);
  facts.set(key::tls_issuer, issuer);
  facts.set(key::tls_not_before, rfc3339(dates.from));
  facts.set(key::tls_not_after, rfc3339(dates.to));
  facts.set(key::tls_san, std::move(san));
  facts.set(key::tls_chain, std::move(rows));
  if (!node["chain_expires_in"]) return;
  facts.set(key::tls_path_ends, rfc3339(upper_end));
  facts.set(key::tls_path_ends_with, issuer);
}

void describe_verdict(const YAML::Node& node, const Dates& dates, wire::TlsReport& report) {
  const int code = yaml::number_or(node, "verify_code", 0);
  report.completed = true;
  report.chain_ok = code == 0;
  report.dates_ok = !dates.failure;
  Facts& facts = report.facts;
  facts.set(key::tls_version, text_or(node, "version", "1.3"));
  facts.set(key::tls_cipher, std::string("TLS_AES_256_GCM_SHA384"));
  facts.set(key::tls_verify_code, std::int64_t{code});
  if (code != 0) facts.set(key::tls_verify_text, text_or(node, "verify_text", ""));
  if (node["asks_certificate"]) facts.set(key::tls_client_cert_requested, true);
  facts.set(key::tls_chain_ok, report.chain_ok);
  facts.set(key::tls_dates_ok, report.dates_ok);
  facts.set(key::tls_trust, text_or(node, "trust", "ca.pem"));
  facts.set(key::tls_trust_count, std::int64_t{yaml::number_or(node, "trust_count", 1)});
  facts.set(key::tls_trust_subjects, yaml::texts(node["trust_subjects"]));
  report.failure = report.chain_ok ? dates.failure : Failure::certificate_untrusted;
}

TlsStory read_tls(const YAML::Node& node, WallTime now) {
  TlsStory story;
  if (node.IsScalar()) {
    story.report.failure = yaml::failure_of(node);
    return story;
  }
  yaml::allow_keys(
      node, {"failure", "raw", "alert", "alert_name", "version", "names", "subject", "issuer",
             "chain", "expires_in", "lifetime", "verify_code", "verify_text", "trust",
             "trust_count", "trust_subjects", "chain_expires_in", "asks_certificate"});
  if (node["failure"]) {
    story.report.failure = yaml::failure_of(node["failure"]);
    story.report.raw = text_or(node, "raw", "");
    if (node["alert"]) story.report.facts.set(key::tls_alert, node["alert"].as<std::int64_t>());
    if (node["alert_name"])
      story.report.facts.set(key::tls_alert_name, text_of(node["alert_name"]));
    return story;
  }
  story.names = yaml::texts(node["names"]);
  const Dates dates = read_dates(node, now);
  describe_verdict(node, dates, story.report);
  describe_chain(node, story, dates, now, story.report.facts);
  return story;
}

}  // namespace

ServerStory read_server_story(const YAML::Node& server, WallTime now) {
  ServerStory story;
  story.anonymous.error = ServerError{
      1045, "28000", "Access denied for user 'plumb_probe'@'10.0.0.5' (using password: NO)"};
  if (server["says"]) story.says = text_of(server["says"]);
  if (server["greeting"]) read_greeting(server["greeting"], story);
  if (server["login"]) story.account = read_login(server["login"]);
  if (server["anonymous"]) story.anonymous = read_login(server["anonymous"]);
  for (const auto& entry : server["variables"])
    story.variables[yaml::text_of(entry.first)] = yaml::text_of(entry.second);
  story.tls_first = yaml::flag_or(server, "tls_first", false);
  // Who does not speak first does not answer a ClientHello either, unless the story says so.
  const char* otherwise = story.silence ? "silent" : "{names: ['*']}";
  const YAML::Node tls = server["tls"] ? server["tls"] : YAML::Load(otherwise);
  story.tls = read_tls(tls, now);
  return story;
}

}  // namespace plumb

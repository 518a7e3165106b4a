#include "src/prepare.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "probe/engine/plan.hpp"
#include "probe/model/printable.hpp"
#include "probe/wire/tls_engine.hpp"
#include "probe/wire/trust.hpp"
#include "src/password_file.hpp"
#include "src/profile_file.hpp"
#include "src/read_file.hpp"

namespace plumb {
namespace {

constexpr std::size_t kLongestList = 16 * 1024 * 1024;

// One target a line; blank lines and those that begin with # are skipped.
std::vector<std::string> target_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && line[first] != '#') lines.emplace_back(line);
  }
  return lines;
}

std::string spell_out(const std::vector<std::string>& given, std::vector<std::string>& into) {
  for (const std::string& text : given) {
    if (text != "-") {
      into.push_back(text);
      continue;
    }
    const FileText list = read_file("-", kLongestList);
    if (!list.error.empty()) return "cannot read the targets on stdin: " + list.error;
    if (list.cut) return "the list of targets on stdin is longer than 16 MiB";
    const auto lines = target_lines(list.text);
    if (lines.empty()) return "stdin named no target";
    into.insert(into.end(), lines.begin(), lines.end());
  }
  return {};
}

std::string cleaning_note(const Target& target) {
  std::string what;
  for (const std::string& phrase : target.cleaned) what += (what.empty() ? "" : ", ") + phrase;
  return "the target is read as " + target.to_string() + " (taken off: " + what + ")";
}

std::string read_targets(const CheckOptions& options, Prepared& into) {
  std::vector<std::string> texts;
  if (std::string error = spell_out(options.targets, texts); !error.empty()) return error;
  for (const std::string& text : texts) {
    ParsedTarget parsed = parse_target(text);
    if (!parsed.target) return parsed.error.message;
    if (!parsed.target->cleaned.empty()) into.notes.push_back(cleaning_note(*parsed.target));
    into.targets.push_back(*std::move(parsed.target));
  }
  return {};
}

// -4, -6 and --source say which family may be used: an address of the other one is not connected
// to behind the user's back.
std::string choose_family(Prepared& into) {
  engine::Settings& settings = into.settings;
  if (settings.source) (settings.source->is_v4() ? settings.ipv6 : settings.ipv4) = false;
  for (const Target& target : into.targets) {
    const auto literal = target.literal();
    if (!literal || settings.connect_to) continue;
    if (!(literal->is_v4() ? settings.ipv4 : settings.ipv6))
      return "the target " + target.to_string() + " is excluded by " +
             (settings.source ? "--source " + settings.source->to_string() : "-4 or -6");
  }
  return {};
}

std::string read_password(const CheckOptions& options, Prepared& into) {
  const bool named = std::any_of(into.targets.begin(), into.targets.end(),
                                 [](const Target& target) { return !target.user.empty(); });
  if (options.password_file.empty()) {
    if (options.settings.purpose != Purpose::connect)
      into.notes.push_back("--purpose " + std::string(to_string(options.settings.purpose)) +
                           " needs an account (--user, --password-file): without one nobody can "
                           "look");
    else if (named)
      into.notes.push_back(
          "without --password-file the account of a target is not tried: the login is anonymous");
    return {};
  }
  if (!named && options.settings.user.empty())
    return "--password-file needs --user NAME, or a target mysql://user@host";
  auto read = read_password_file(options.password_file);
  if (std::string* error = std::get_if<std::string>(&read)) return std::move(*error);
  into.settings.password = std::get<Secret>(std::move(read));
  return {};
}

std::string read_profiles(const CheckOptions& options, Prepared& into) {
  engine::Settings& settings = into.settings;
  if (!options.profile_file.empty()) {
    ProfileFile file = read_profile_file(options.profile_file);
    if (!file.error.empty()) return "--profile-file: " + file.error;
    settings.profiles = std::move(file.profiles);
  }
  if (choose_profile(settings.profiles, settings.profile, {}).profile) return {};
  return "--profile: no profile is called " + printable(settings.profile, 64) +
         "; 'plumb profiles' lists them all";
}

// A file that the command line names must be there; where a profile names it, its absence is what
// the application suffers as well, and a finding (tls-ca-file-missing).
std::string load_trusts(Prepared& into) {
  engine::Settings& settings = into.settings;
  for (const Target& target : into.targets) {
    const auto chosen = choose_profile(settings.profiles, settings.profile, target.host);
    const std::string name = engine::trust_name(settings, *chosen.profile);
    if (settings.trusts.contains(name)) continue;
    wire::LoadedTrust loaded = wire::Trust::load(name);
    if (!loaded.trust && !settings.ca.empty())
      return "--ca: " + loaded.error +
             "; give a PEM file of root certificates you may read, or system, isrg-root-x1 or "
             "isrg-roots";
    if (!loaded.trust) {
      into.notes.push_back("profile " + std::string(chosen.profile->name) + ": " + loaded.error);
      loaded.trust = wire::Trust::nobody(name);
    }
    settings.trusts.emplace(name, std::move(loaded.trust));
  }
  return {};
}

std::string try_client_certificate(const engine::Settings& settings) {
  if (settings.client_certificate_file.empty()) return {};

  wire::TlsSettings tls;
  tls.client_certificate_file = settings.client_certificate_file;
  tls.client_key_file = settings.client_key_file;
  const std::string error = wire::TlsContext::make(tls).error;
  return error.empty() ? error : "--tls-cert, --tls-key: " + error;
}

}  // namespace

Prepared prepare(const CheckOptions& options) {
  Prepared prepared;
  prepared.settings = options.settings;
  prepared.error = read_targets(options, prepared);
  if (prepared.error.empty()) prepared.error = choose_family(prepared);
  if (prepared.error.empty()) prepared.error = read_profiles(options, prepared);
  if (prepared.error.empty()) prepared.error = load_trusts(prepared);
  if (prepared.error.empty()) prepared.error = try_client_certificate(prepared.settings);
  if (prepared.error.empty()) prepared.error = read_password(options, prepared);
  return prepared;
}

}  // namespace plumb

#include "src/entry_settings.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "probe/engine/plan.hpp"
#include "probe/model/printable.hpp"
#include "probe/wire/trust.hpp"
#include "src/password_file.hpp"

namespace plumb {
namespace {

bool has_family(const engine::Settings& settings, const Address& address) {
  return address.is_v4() ? settings.ipv4 : settings.ipv6;
}

// -4, -6 and --source say which family may be used: an address of the other one is not connected
// to behind the user's back.
std::string out_of_family(const TargetEntry& entry, const engine::Settings& base) {
  const std::string by =
      base.source ? "--source " + base.source->to_string() : std::string("-4 or -6");
  if (entry.own.connect_to)
    return has_family(base, *entry.own.connect_to) ? "" : "connect_to is excluded by " + by;
  const auto literal = entry.target.literal();
  if (!literal || base.connect_to || has_family(base, *literal)) return {};
  return "the target " + entry.target.to_string() + " is excluded by " + by;
}

// A file that the user names must be there; where a profile names it, its absence is what the
// application suffers as well, and a finding (tls-ca-file-missing).
std::string load_trust(const TargetEntry& entry, engine::Settings& base,
                       std::vector<std::string>& notes) {
  const std::string& chosen = entry.own.profile.empty() ? base.profile : entry.own.profile;
  const ChosenProfile profile = choose_profile(base.profiles, chosen, entry.target.host);
  const std::string name =
      entry.own.ca.empty() ? engine::trust_name(base, *profile.profile) : entry.own.ca;
  if (base.trusts.contains(name)) return {};
  wire::LoadedTrust loaded = wire::Trust::load(name);
  if (!loaded.trust && (!entry.own.ca.empty() || !base.ca.empty()))
    return fmt::format(
        "{}: {}; give a PEM file of root certificates you may read, or system, isrg-root-x1 or "
        "isrg-roots",
        entry.own.ca.empty() ? "--ca" : "ca", loaded.error);
  if (!loaded.trust) {
    notes.push_back("profile " + std::string(profile.profile->name) + ": " + loaded.error);
    loaded.trust = wire::Trust::nobody(name);
  }
  base.trusts.emplace(name, std::move(loaded.trust));
  return {};
}

}  // namespace

EntrySettings::Kind EntrySettings::kind_of(const OwnOptions& own) {
  return {own.profile, own.ca, own.password_file,
          own.purpose ? static_cast<int>(*own.purpose) : -1};
}

bool EntrySettings::is_plain(const Kind& kind) { return kind == kind_of({}); }

std::string EntrySettings::admit(const TargetEntry& entry, engine::Settings& base,
                                 std::vector<std::string>& notes) {
  const OwnOptions& own = entry.own;
  if (!own.profile.empty() && !choose_profile(base.profiles, own.profile, {}).profile)
    return fmt::format("no profile is called {}; 'plumb profiles' lists them all",
                       printable(own.profile, 64));
  if (own.connect_to && base.pinned_target)
    return "connect_to does not ask what --pinned-target is compared with";
  std::string error = out_of_family(entry, base);
  if (error.empty()) error = load_trust(entry, base, notes);
  if (error.empty()) error = load_password(entry, base);
  if (error.empty()) add_kind(own, base);
  return error;
}

std::string EntrySettings::load_password(const TargetEntry& entry, const engine::Settings& base) {
  const OwnOptions& own = entry.own;
  if (own.password_file.empty()) return {};
  if (own.user.empty() && base.user.empty() && entry.target.user.empty())
    return "password_file needs a user";
  if (passwords_.contains(own.password_file)) return {};
  if (own.password_file == "-" && stdin_taken_)
    return "password_file: stdin is read by the command line already";
  auto read = read_password_file(own.password_file);
  if (std::string* error = std::get_if<std::string>(&read)) return "password_file: " + *error;
  passwords_.emplace(own.password_file, std::get<Secret>(std::move(read)));
  return {};
}

void EntrySettings::add_kind(const OwnOptions& own, const engine::Settings& base) {
  const Kind kind = kind_of(own);
  if (is_plain(kind) || kinds_.contains(kind)) return;
  auto settings = std::make_shared<engine::Settings>(base);
  if (!own.profile.empty()) settings->profile = own.profile;
  if (!own.ca.empty()) settings->ca = own.ca;
  if (own.purpose) settings->purpose = *own.purpose;
  if (!own.password_file.empty()) settings->password = passwords_.at(own.password_file);
  kinds_.emplace(kind, std::move(settings));
}

void EntrySettings::finish(const engine::Settings& base) {
  for (auto& [kind, settings] : kinds_) {
    settings->trusts = base.trusts;
    if (!settings->password) settings->password = base.password;
  }
}

std::shared_ptr<const engine::Settings> EntrySettings::of(
    const OwnOptions& own, const std::shared_ptr<const engine::Settings>& plain) const {
  const Kind kind = kind_of(own);
  std::shared_ptr<const engine::Settings> shared = plain;
  if (!is_plain(kind)) shared = kinds_.at(kind);
  if (!own.connect_to && own.server_name.empty() && own.user.empty()) return shared;
  auto alone = std::make_shared<engine::Settings>(*shared);
  if (own.connect_to) alone->connect_to = own.connect_to;
  if (!own.server_name.empty()) alone->server_name = own.server_name;
  if (!own.user.empty()) alone->user = own.user;
  return alone;
}

}  // namespace plumb

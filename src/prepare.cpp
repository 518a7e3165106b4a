#include "src/prepare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "probe/engine/plan.hpp"
#include "probe/model/printable.hpp"
#include "probe/model/target.hpp"
#include "probe/wire/tls_engine.hpp"
#include "probe/wire/trust.hpp"
#include "src/password_file.hpp"
#include "src/profile_file.hpp"

namespace plumb {
namespace {

std::string cleaning_note(const Target& target) {
  return fmt::format("the target is read as {} (taken off: {})", target.to_string(),
                     fmt::join(target.cleaned, ", "));
}

constexpr std::size_t kMostNotes = 20;

// What is looked at in each target before the first packet.
class Inspection {
 public:
  explicit Inspection(Prepared& into) : into_(into) {}

  // An error; empty: nothing is wrong with it.
  std::string look_at(std::string_view text) {
    ParsedTarget parsed = parse_target(text);
    if (!parsed.target) return parsed.error.message;
    const Target& target = *parsed.target;
    named_ = named_ || !target.user.empty();
    if (!target.cleaned.empty() && ++cleaned_ <= kMostNotes)
      into_.notes.push_back(cleaning_note(target));
    if (std::string error = excluded(target); !error.empty()) return error;
    return load_trust(target);
  }
  void finish() {
    if (cleaned_ > kMostNotes)
      into_.notes.push_back("and " + std::to_string(cleaned_ - kMostNotes) +
                            " more targets were cleaned so");
  }
  bool named() const { return named_; }  // some target names an account

 private:
  std::string excluded(const Target& target) const;
  std::string load_trust(const Target& target);

  Prepared& into_;
  std::size_t cleaned_ = 0;
  bool named_ = false;
};

// -4, -6 and --source say which family may be used: an address of the other one is not connected
// to behind the user's back.
std::string Inspection::excluded(const Target& target) const {
  const engine::Settings& settings = into_.settings;
  const auto literal = target.literal();
  if (!literal || settings.connect_to) return {};
  if (literal->is_v4() ? settings.ipv4 : settings.ipv6) return {};
  return "the target " + target.to_string() + " is excluded by " +
         (settings.source ? "--source " + settings.source->to_string() : "-4 or -6");
}

// A file that the command line names must be there; where a profile names it, its absence is what
// the application suffers as well, and a finding (tls-ca-file-missing).
std::string Inspection::load_trust(const Target& target) {
  engine::Settings& settings = into_.settings;
  const auto chosen = choose_profile(settings.profiles, settings.profile, target.host);
  const std::string name = engine::trust_name(settings, *chosen.profile);
  if (settings.trusts.contains(name)) return {};
  wire::LoadedTrust loaded = wire::Trust::load(name);
  if (!loaded.trust && !settings.ca.empty())
    return "--ca: " + loaded.error +
           "; give a PEM file of root certificates you may read, or system, isrg-root-x1 or "
           "isrg-roots";
  if (!loaded.trust) {
    into_.notes.push_back("profile " + std::string(chosen.profile->name) + ": " + loaded.error);
    loaded.trust = wire::Trust::nobody(name);
  }
  settings.trusts.emplace(name, std::move(loaded.trust));
  return {};
}

std::string read_targets(const CheckOptions& options, Prepared& into, bool& named) {
  if (std::string error = into.targets.read(options.targets); !error.empty()) return error;
  Inspection inspection(into);
  TargetList::Reader reader(into.targets);
  while (const auto text = reader.next())
    if (const std::string error = inspection.look_at(*text); !error.empty())
      return reader.place() + error;
  inspection.finish();
  named = inspection.named();
  return {};
}

std::string read_password(const CheckOptions& options, bool named, Prepared& into) {
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
  engine::Settings& settings = prepared.settings;
  settings = options.settings;
  if (settings.source) (settings.source->is_v4() ? settings.ipv6 : settings.ipv4) = false;
  bool named = false;
  prepared.error = read_profiles(options, prepared);
  if (prepared.error.empty()) prepared.error = read_targets(options, prepared, named);
  if (prepared.error.empty()) prepared.error = try_client_certificate(settings);
  if (prepared.error.empty()) prepared.error = read_password(options, named, prepared);
  return prepared;
}

NextOrder orders(const Prepared& prepared, std::shared_ptr<const engine::Settings> settings) {
  return [reader = TargetList::Reader(prepared.targets), settings = std::move(settings),
          at = std::size_t{0}]() mutable {
    std::optional<Order> order;
    if (const auto text = reader.next()) order.emplace(at++, *parse_target(*text).target, settings);
    return order;
  };
}

}  // namespace plumb

#include "src/prepare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

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
  std::string look_at(const TargetEntry& entry) {
    const Target& target = entry.target;
    ++into_.count;
    named_ = named_ || !target.user.empty() ||
             (!entry.own.user.empty() && entry.own.password_file.empty());
    if (!target.cleaned.empty() && ++cleaned_ <= kMostNotes)
      into_.notes.push_back(cleaning_note(target));
    return into_.own.admit(entry, into_.settings, into_.notes);
  }
  void finish() {
    if (cleaned_ > kMostNotes)
      into_.notes.push_back("and " + std::to_string(cleaned_ - kMostNotes) +
                            " more targets were cleaned so");
  }
  bool named() const { return named_; }  // some target names an account

 private:
  Prepared& into_;
  std::size_t cleaned_ = 0;
  bool named_ = false;
};

// By the host's letters, roughly: two spellings of one host may have two owners.
std::size_t owner_of(const TargetList::Entry& entry) {
  constexpr std::string_view kKey = "target:", kAround = " \t-\"'";
  std::string_view host = entry.text;
  const std::size_t key = entry.is_yaml ? host.find(kKey) : host.npos;
  if (key != host.npos) host.remove_prefix(key + kKey.size());
  host = host.substr(0, host.find_first_of(",}\n"));
  if (const std::size_t at = host.rfind('@'); at != host.npos) host.remove_prefix(at + 1);
  host.remove_prefix(std::min(host.size(), host.find_first_not_of(kAround)));
  return std::hash<std::string_view>()(host.substr(0, host.rfind(':')));
}

std::string read_targets(const CheckOptions& options, Prepared& into, bool& named) {
  TargetList list;
  std::string error = list.read(options.targets, options.target_lists);
  if (!error.empty()) return error;
  Inspection inspection(into);
  TargetList::Reader reader(list);
  while (const auto text = reader.next()) {
    ParsedEntry parsed = parse_target_entry(text->text, text->is_yaml);
    if (!parsed.entry) return reader.place(parsed.line) + parsed.error;
    error = inspection.look_at(*parsed.entry);
    if (!error.empty()) return reader.place() + error;
    if (into.first.size() < Prepared::kKept)
      into.first.push_back({owner_of(*text), *std::move(parsed.entry)});
    if (into.first.size() == Prepared::kKept && !into.rest) into.rest = reader;
  }
  inspection.finish();
  named = inspection.named();
  return reader.error();
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

// So that no target's time goes by with it. Without TLS only a follow-up may want them.
void read_roots(const engine::Settings& settings) {
  if (settings.tls == TlsMode::off) return;
  for (const auto& [name, trust] : settings.trusts) trust->read_now();
}

bool reads_stdin(const CheckOptions& options) {
  const auto is_stdin = [](const std::string& word) { return word == "-"; };
  return options.password_file == "-" || std::ranges::any_of(options.targets, is_stdin) ||
         std::ranges::any_of(options.target_lists, is_stdin);
}

}  // namespace

Prepared prepare(const CheckOptions& options) {
  Prepared prepared;
  prepared.settings = options.settings;
  engine::Settings& settings = prepared.settings;
  prepared.own = EntrySettings(reads_stdin(options));
  if (settings.source) (settings.source->is_v4() ? settings.ipv6 : settings.ipv4) = false;
  bool named = false;
  prepared.error = read_profiles(options, prepared);
  if (prepared.error.empty()) prepared.error = read_targets(options, prepared, named);
  if (prepared.error.empty()) prepared.error = try_client_certificate(settings);
  if (prepared.error.empty()) prepared.error = read_password(options, named, prepared);
  prepared.own.finish(settings);
  if (prepared.error.empty()) read_roots(settings);
  return prepared;
}

class Orders::Pass {
 public:
  Pass(Orders& owner, std::size_t shard, std::size_t shards)
      : owner_(owner), reader_(owner.prepared_.rest), shard_(shard), shards_(shards) {}

  std::optional<Order> next() {
    const auto& first = owner_.prepared_.first;
    for (; at_ < first.size(); ++at_)
      if (is_mine(first[at_].owner)) return order_of(TargetEntry(first[at_].entry));
    return reader_ ? next_read() : std::nullopt;
  }

 private:
  bool is_mine(std::size_t owner) const { return owner % shards_ == shard_; }

  std::optional<Order> next_read() {
    for (; const auto text = reader_->next(); ++at_) {
      if (!is_mine(owner_of(*text))) continue;
      ParsedEntry parsed = parse_target_entry(text->text, text->is_yaml);
      if (parsed.entry) return order_of(*std::move(parsed.entry));
      owner_.note(reader_->place(parsed.line) + parsed.error);
      return std::nullopt;
    }
    if (!reader_->error().empty()) owner_.note(reader_->error());
    return std::nullopt;
  }

  Order order_of(TargetEntry entry) {
    if (!last_ || entry.own != last_own_) {
      last_ = owner_.prepared_.own.of(entry.own, owner_.settings_);
      last_own_ = std::move(entry.own);
    }
    return Order{at_++, std::move(entry.target), last_};
  }

  Orders& owner_;
  std::optional<TargetList::Reader> reader_;
  std::size_t shard_, shards_;
  std::shared_ptr<const engine::Settings> last_;  // neighbours often say the same
  OwnOptions last_own_;
  std::size_t at_ = 0;
};

NextOrder Orders::of_shard(std::size_t shard, std::size_t shards) {
  return [pass = std::make_shared<Pass>(*this, shard, shards)] { return pass->next(); };
}

void Orders::note(const std::string& error) {
  const std::lock_guard lock(mutex_);
  if (error_.empty()) error_ = error;
}

std::string Orders::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

}  // namespace plumb

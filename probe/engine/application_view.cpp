#include "probe/engine/application_view.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/model/lowered.hpp"
#include "probe/model/printable.hpp"

namespace plumb::engine {
namespace {

using net::DnsReply;
using wire::DnsType;

constexpr std::size_t kMaxResolvers = 3;  // MAXNS of resolv.h
constexpr std::size_t kMaxName = 253;

// systemd-resolved's 127.0.0.53 and 127.0.0.54.
bool is_stub(const Endpoint& resolver) {
  const auto& bytes = resolver.address.bytes();
  return resolver.address.is_v4() && bytes[0] == 127 && bytes[1] == 0 && bytes[2] == 0 &&
         (bytes[3] == 53 || bytes[3] == 54);
}

// Sources that answer for their own names only: the host's, local containers', .local.
bool answers_elsewhere(std::string_view source) {
  return source == "myhostname" || source == "mymachines" || source == "libvirt" ||
         source == "libvirt_guest";
}

using Replies = std::array<const DnsReply*, 2>;  // A, AAAA; null: not asked

// One resolver's word on one name, both families together.
struct Word {
  std::vector<Address> addresses;
  std::optional<Failure> failure;  // if there are none
  std::string raw;
  bool is_final() const {
    return !addresses.empty() || failure == Failure::nxdomain || failure == Failure::nodata;
  }
};

// Of two families that both fail: the one that says less about the name decides, as it keeps glibc
// asking.
Word word_of(const Replies& replies) {
  Word word;
  for (const DnsReply* reply : replies) {
    if (reply == nullptr || !reply->message) continue;
    const auto& found = reply->message->addresses;
    word.addresses.insert(word.addresses.end(), found.begin(), found.end());
  }
  if (!word.addresses.empty()) return word;
  for (const DnsReply* reply : replies) {
    const auto failure = reply == nullptr ? std::nullopt : failure_of(*reply);
    const bool soft = failure && *failure != Failure::nxdomain && *failure != Failure::nodata;
    const bool first = !word.failure;
    const bool kept_is_nodata = word.failure == Failure::nodata;
    if (failure && (first || soft || (kept_is_nodata && failure == Failure::nxdomain))) {
      word.failure = failure;
      word.raw = words_for(*reply);
    }
  }
  return word;
}

std::set<Address> as_set(const std::vector<Address>& addresses) {
  return {addresses.begin(), addresses.end()};
}

class Deriver {
 public:
  Deriver(const net::NameConfig& config, std::span<const Endpoint> resolvers,
          const std::vector<std::string>& names, std::string_view host, const ReplyLookup& lookup,
          bool v4, bool v6, std::string_view hosts_path)
      : config_(config),
        host_(host),
        lookup_(lookup),
        v4_(v4),
        v6_(v6),
        hosts_path_(hosts_path),
        resolvers_(resolvers),
        names_(names) {}

  NameView derive() {
    read_hosts();
    view_.nsswitch.reserve(config_.nsswitch.hosts.size());
    for (const auto& source : config_.nsswitch.hosts) view_.nsswitch.push_back(source.name);
    for (const auto& source : config_.nsswitch.hosts) {
      consult(source.name);
      if (!view_.addresses.empty() || stops(source)) break;
    }
    if (view_.addresses.empty() && !view_.failure)
      fail(Failure::nxdomain, "no source knows the name");
    if (view_.source == "hosts" && view_.failure)
      view_.raw = std::string("not in ").append(hosts_path_);
    if (view_.source == "hosts" && !view_.failure) compare_with_dns();
    return std::move(view_);
  }

 private:
  void fail(Failure failure, std::string raw) {
    view_.failure = failure;
    view_.raw = std::move(raw);
  }

  void read_hosts() {
    std::string_view name = host_;
    if (name.ends_with('.')) name.remove_suffix(1);
    for (const wire::HostsEntry* entry : config_.hosts.lookup(name)) {
      if (!(entry->address.is_v4() ? v4_ : v6_)) continue;
      in_hosts_.push_back(entry->address);
      if (!view_.hosts_line.empty()) continue;
      std::string line = entry->address.to_string();
      for (const std::string& alias : entry->names) line += " " + alias;
      view_.hosts_line =
          std::string(hosts_path_) + ":" + std::to_string(entry->line) + " " + printable(line);
    }
  }

  void consult(const std::string& source) {
    unavailable_ = false;
    if (source == "files") {
      ask_hosts();
    } else if (source == "dns" || source == "resolve") {
      const bool stub =
          source == "resolve" || std::all_of(resolvers_.begin(), resolvers_.end(), is_stub);
      ask_dns(stub ? "stub" : "dns");
      // systemd-resolved may go by other resolvers than resolv.conf names.
      if (source == "resolve" && !std::all_of(resolvers_.begin(), resolvers_.end(), is_stub))
        view_.ask_system = true;
    } else {
      unavailable_ = true;
      view_.not_followed.push_back(printable(source, 64));
      const bool other_names = source.starts_with("mdns") && !lower_host_ends_with(".local");
      if (!answers_elsewhere(source) && !other_names) view_.ask_system = true;
    }
  }

  bool lower_host_ends_with(std::string_view suffix) const {
    if (host_.size() < suffix.size()) return false;
    return std::equal(suffix.rbegin(), suffix.rend(), host_.rbegin(),
                      [](char want, char have) { return want == to_lower(have); });
  }

  // nsswitch.conf(5): by default only success returns.
  bool stops(const wire::NssSource& source) const {
    if (source.stop_unless_unavailable && !unavailable_) return true;
    const bool not_found = view_.failure == Failure::nxdomain || view_.failure == Failure::nodata;
    return source.stop_on_notfound && !unavailable_ && not_found;
  }

  void ask_hosts() {
    if (!in_hosts_.empty()) {
      take("hosts", in_hosts_);
    } else if (!view_.failure) {
      view_.source = "hosts";
      fail(Failure::nxdomain, {});  // its words: at the end, if nobody else knows the name
    }
  }

  void take(std::string_view source, std::vector<Address> addresses) {
    const auto is_v4 = [](const Address& a) { return a.is_v4(); };
    if (!std::ranges::is_partitioned(addresses, is_v4))
      std::stable_partition(addresses.begin(), addresses.end(), is_v4);
    auto end = addresses.begin();
    for (const Address& address : addresses)
      if (std::find(addresses.begin(), end, address) == end) *end++ = address;
    addresses.erase(end, addresses.end());
    view_.addresses = std::move(addresses);
    view_.source = source;
    view_.failure.reset();
    view_.raw.clear();
  }

  // The search: it goes on after NXDOMAIN, NODATA and SERVFAIL, ends at silence and refusal except
  // for the name as it was given. Without a find that name's failure is what the application hears.
  void ask_dns(std::string_view source) {
    view_.source = source;
    view_.searched.clear();
    std::optional<Word> as_is, last;
    for (std::size_t n = 0; n < names_.size(); ++n) {
      const std::string& name = names_[n];
      auto word = ask_resolvers(n);
      if (!word) continue;
      view_.searched.push_back(name);
      if (!word->addresses.empty()) return take(source, std::move(word->addresses));
      const bool given = is_given(name);
      if (given) as_is = word;
      last = std::move(word);
      if (!given && !last->is_final() && last->failure != Failure::servfail) break;
    }
    const auto& heard = as_is ? as_is : last;
    if (!heard) return fail(Failure::timed_out, "no resolver was asked");
    unavailable_ = heard->failure == Failure::refused;
    fail(heard->failure.value_or(Failure::nodata), heard->raw);
  }

  bool is_given(const std::string& name) const {
    return name == host_ || (host_.ends_with('.') && name == host_.substr(0, host_.size() - 1));
  }

  // The first resolver that has a word on the name; the last one's failure where none has.
  std::optional<Word> ask_resolvers(std::size_t name) {
    std::optional<Word> heard;
    std::optional<std::set<Address>> said;
    for (std::size_t i = 0; i < resolvers_.size(); ++i) {
      const Replies replies{v4_ ? lookup_(i, name, DnsType::a) : nullptr,
                            v6_ ? lookup_(i, name, DnsType::aaaa) : nullptr};
      if (replies == Replies{}) continue;
      Word word = word_of(replies);
      if (word.is_final() && resolvers_.size() > 1) {
        auto says = as_set(word.addresses);
        if (said && *said != says) view_.ask_system = true;
        said = std::move(says);
      }
      if (heard && heard->is_final()) continue;
      heard = std::move(word);
      view_.resolver = resolvers_[i];
    }
    return heard;
  }

  // A hosts line that hides another answer of the DNS.
  void compare_with_dns() {
    for (std::size_t name = 0; name < names_.size(); ++name) {
      const auto word = ask_resolvers(name);
      if (!word || word->addresses.empty()) continue;
      if (as_set(word->addresses) != as_set(view_.addresses)) view_.ask_system = true;
      break;
    }
    view_.resolver.reset();
  }

  const net::NameConfig& config_;
  std::string_view host_;
  const ReplyLookup& lookup_;
  bool v4_, v6_;
  std::string_view hosts_path_;
  std::span<const Endpoint> resolvers_;
  const std::vector<std::string>& names_;
  std::vector<Address> in_hosts_;
  bool unavailable_ = false;
  NameView view_;
};

}  // namespace

std::vector<Endpoint> resolvers_in_use(const net::NameConfig& config) {
  std::vector<Endpoint> resolvers = config.resolv.nameservers;
  if (resolvers.empty()) resolvers.push_back({Address::v4({127, 0, 0, 1}), 53});
  return first_three(std::move(resolvers));
}

std::vector<Endpoint> first_three(std::vector<Endpoint> resolvers) {
  if (resolvers.size() > kMaxResolvers) resolvers.resize(kMaxResolvers);
  return resolvers;
}

std::vector<std::string> names_to_ask(const net::NameConfig& config, std::string_view host) {
  if (host.ends_with('.')) return {std::string(host.substr(0, host.size() - 1))};
  const auto dots = std::count(host.begin(), host.end(), '.');
  const bool given_first = dots >= config.resolv.ndots;
  std::vector<std::string> names;
  names.reserve(config.resolv.search.size() + 1);
  if (given_first) names.emplace_back(host);
  for (const std::string& domain : config.resolv.search) {
    std::string name(host);
    if (domain != "." && !domain.empty()) name.append(".").append(domain);
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known && name.size() <= kMaxName) names.push_back(std::move(name));
  }
  if (std::find(names.begin(), names.end(), host) == names.end()) names.emplace_back(host);
  return names;
}

NameView derive(const net::NameConfig& config, std::span<const Endpoint> resolvers,
                const std::vector<std::string>& names, std::string_view host,
                const ReplyLookup& lookup, bool v4, bool v6, std::string_view hosts_path) {
  return Deriver(config, resolvers, names, host, lookup, v4, v6, hosts_path).derive();
}

Observation view_observation(std::span<const Address> upstreams, NameView view,
                             std::string_view host, const std::optional<net::SystemReply>& system,
                             Micros took) {
  Observation observation;
  observation.phase = Phase::resolve;
  observation.took = took;
  observation.failure = view.failure;
  observation.raw = made_printable(std::move(view.raw));
  if (view.resolver) observation.resolver = view.resolver->to_string();
  Facts& facts = observation.facts;
  facts.set(key::dns_application_view, true);
  facts.set(key::dns_question_name,
            printable(host.ends_with('.') ? host.substr(0, host.size() - 1) : host));
  if (!view.source.empty()) facts.set(key::dns_source, std::move(view.source));
  if (!view.addresses.empty()) facts.set(key::dns_answers, as_texts(view.addresses));
  facts.set(key::dns_nsswitch, std::move(view.nsswitch));
  if (!view.not_followed.empty()) facts.set(key::dns_not_followed, std::move(view.not_followed));
  if (!view.searched.empty()) facts.set(key::dns_searched, all_printable(std::move(view.searched)));
  if (!view.hosts_line.empty()) facts.set(key::dns_hosts_line, std::move(view.hosts_line));
  if (!upstreams.empty()) facts.set(key::dns_upstreams, as_texts(upstreams));
  if (!system) return observation;
  if (system->gave_up) {
    facts.set(key::dns_getaddrinfo_error, std::string("no answer in time"));
  } else if (!system->error.empty()) {
    facts.set(key::dns_getaddrinfo_error, system->error);
  } else {
    facts.set(key::dns_getaddrinfo, as_texts(system->addresses));
  }
  return observation;
}

}  // namespace plumb::engine

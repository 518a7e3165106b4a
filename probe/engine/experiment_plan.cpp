#include "probe/engine/experiment_plan.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "probe/engine/vpce_name.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

using std::chrono::milliseconds;
using Kind = Experiment::Kind;
using Tls = Experiment::Tls;

constexpr std::array<std::uint16_t, 3> kKnownPorts{4000, 3306, 443};
// Below, within and above the range Linux takes ephemeral ports from (32768–60999).
constexpr std::array<std::uint16_t, 3> kSourcePorts{2048, 40000, 61500};
constexpr int kMostShift = 2000;
constexpr std::size_t kMostSourceAddresses = 3;
constexpr int kSmallSegment = 1200;
constexpr std::uint16_t kDnsPort = 53;

class Planner {
 public:
  Planner(const Plan& plan, const Situation& now) : plan_(plan), now_(now) {}
  std::vector<Experiment> all();

 private:
  void look_into(std::size_t way);
  void look_into_silence(std::size_t way);
  void look_into_names();
  void look_into_endpoint_names();
  void look_at_pinned_target();
  void other_ports(std::size_t way);
  void control(std::size_t way);
  void repeat(std::size_t way, int times, bool slowly);
  void source_ports(std::size_t way);
  void source_addresses(std::size_t way);
  Experiment& add(std::string_view name, std::size_t way, Tls tls = Tls::as_policy);
  Experiment& ask(std::string_view name, const Endpoint& resolver, const std::string& question);
  Micros scaled(milliseconds of_ten_seconds) const {
    return Micros(of_ten_seconds) * plan_.settings->timeout.count() / 10000;
  }
  bool is_first(std::size_t way) const;
  Endpoint resolver_to_ask() const;

  const Plan& plan_;
  const Situation& now_;
  std::vector<Experiment> planned_;
};

Experiment& Planner::add(std::string_view name, std::size_t way, Tls tls) {
  Experiment experiment{.name = name, .to = now_.ways[way].endpoint};
  experiment.tls = tls;
  experiment.how.from = plan_.settings->source;
  experiment.prompted_by = static_cast<int>(way);
  return planned_.emplace_back(std::move(experiment));
}

Experiment& Planner::ask(std::string_view name, const Endpoint& resolver,
                         const std::string& question) {
  Experiment experiment{.name = name, .kind = Kind::question, .to = resolver};
  experiment.question = question;
  return planned_.emplace_back(std::move(experiment));
}

// The first way of its kind of trouble.
bool Planner::is_first(std::size_t way) const {
  const auto before = now_.ways.begin() + static_cast<std::ptrdiff_t>(way);
  return std::none_of(now_.ways.begin(), before,
                      [&](const Way& other) { return other.trouble == now_.ways[way].trouble; });
}

void Planner::other_ports(std::size_t way) {
  for (const std::uint16_t port : kKnownPorts) {
    const Endpoint other{now_.ways[way].endpoint.address, port};
    const bool tried =
        std::ranges::any_of(now_.ways, [&](const Way& each) { return each.endpoint == other; });
    if (!tried) add(experiment::kSecondPort, way).to = other;
  }
}

// Something that must answer if this host can reach anything: a resolver over TCP. Not one on this
// host itself.
void Planner::control(std::size_t way) {
  for (const Endpoint& resolver : now_.resolvers) {
    if (resolver.address.classify() == AddressClass::loopback) continue;
    Experiment& experiment = add(experiment::kControl, way);
    experiment.kind = Kind::connect_only;
    experiment.to = {resolver.address, kDnsPort};
    return;
  }
}

// Beside a silence that lasts anyway there is time for real pauses.
void Planner::repeat(std::size_t way, int times, bool slowly) {
  milliseconds pause{0}, step{slowly ? 1000 : 100};
  for (int attempt = 1; attempt <= times; ++attempt, step *= 2) {
    pause += step;
    Experiment& experiment = add(experiment::kRepeat, way);
    experiment.attempt = attempt;
    experiment.pause = scaled(pause);
  }
}

void Planner::source_ports(std::size_t way) {
  for (const std::uint16_t port : kSourcePorts)
    add(experiment::kSourcePort, way).how.from_port =
        static_cast<std::uint16_t>(port + now_.shift % kMostShift);
}

void Planner::source_addresses(std::size_t way) {
  if (plan_.settings->source) return;
  const bool v4 = now_.ways[way].endpoint.address.is_v4();
  std::vector<Address> own;
  std::ranges::copy_if(now_.own_addresses, std::back_inserter(own), [&](const Address& address) {
    return address.is_v4() == v4 && address.classify() != AddressClass::link_local;
  });
  if (own.size() < 2) return;
  own.resize(std::min(own.size(), kMostSourceAddresses));
  for (const Address& address : own) add(experiment::kSourceAddress, way).how.from = address;
}

void Planner::look_into_silence(std::size_t way) {
  const auto silent_before =
      std::count_if(now_.ways.begin(), now_.ways.begin() + static_cast<std::ptrdiff_t>(way),
                    [](const Way& other) { return other.trouble == Trouble::silent; });
  if (silent_before < 2) other_ports(way);
  if (silent_before > 0) return;
  control(way);
  source_ports(way);
  source_addresses(way);
  add(experiment::kPathTrace, way).kind = Kind::trace;
  repeat(way, 3, true);
}

void Planner::look_into(std::size_t way) {
  const Trouble trouble = now_.ways[way].trouble;
  if (trouble == Trouble::silent) return look_into_silence(way);
  if (trouble == Trouble::none || !is_first(way)) return;
  switch (trouble) {
    case Trouble::refused:
      other_ports(way);
      return repeat(way, 2, false);
    case Trouble::barred:
      control(way);
      add(experiment::kPathTrace, way).kind = Kind::trace;
      return;
    case Trouble::mute:
      other_ports(way);
      add(experiment::kTlsFirst, way, Tls::first);
      return;
    case Trouble::stranger:
      return other_ports(way);
    case Trouble::stalled:
      add(experiment::kSmallSegments, way).how.max_segment = kSmallSegment;
      add(experiment::kWithoutTls, way, Tls::off);
      return;
    case Trouble::tls_broke:
      add(experiment::kWithoutTls, way, Tls::off);
      return;
    case Trouble::cut_off:
      other_ports(way);
      add(experiment::kWithoutTls, way, Tls::off);
      return repeat(way, 2, false);
    case Trouble::plain_refused:
      add(experiment::kWithTls, way, Tls::required);
      return;
    default:
      return;
  }
}

Endpoint Planner::resolver_to_ask() const {
  for (const Endpoint& resolver : now_.resolvers)
    if (std::ranges::find(now_.silent_resolvers, resolver) == now_.silent_resolvers.end())
      return resolver;
  return now_.resolvers.front();
}

void Planner::look_into_names() {
  for (const Endpoint& resolver : now_.silent_resolvers)
    ask(experiment::kResolverOverTcp, resolver, plan_.target.host).over_tcp = true;
  // Addresses that are all silent may be old ones: the cloud's resolver knows the present ones.
  const bool all_silent = !now_.ways.empty() && std::ranges::all_of(now_.ways, [](const Way& way) {
    return way.trouble == Trouble::silent;
  });
  if (!now_.name_is_in_doubt && !all_silent) return;
  const bool asked_elsewhere = !plan_.settings->resolvers.empty() || plan_.settings->connect_to;
  if (!now_.metadata || asked_elsewhere || plan_.target.literal()) return;
  for (const Endpoint& resolver : cloud_resolvers(*now_.metadata))
    if (std::ranges::find(now_.resolvers, resolver) == now_.resolvers.end())
      ask(experiment::kCloudResolver, resolver, plan_.target.host);
}

// An endpoint's own names tell DNS from network, and which address is in which zone.
void Planner::look_into_endpoint_names() {
  const auto name = parse_vpce_name(plan_.target.host);
  if (!name || now_.resolvers.empty()) return;
  if (!name->zone.empty()) {
    ask(experiment::kRegionalName, resolver_to_ask(), name->regional);
    return;
  }
  for (const std::string& zonal : name->zonal())
    ask(experiment::kZonalName, resolver_to_ask(), zonal);
}

// Who answers there: the database that has moved, a reader, or nobody. The account goes there once
// it was accepted at the name's own address, as to any other address; then both are asked who they
// are, in the same words.
void Planner::look_at_pinned_target() {
  Experiment there{.name = experiment::kPinnedTarget,
                   .to = {*plan_.settings->pinned_target, plan_.ports.front()}};
  const auto present = std::ranges::find_if(now_.ways, &Way::took_account);
  if (present != now_.ways.end()) {
    there.to.port = present->endpoint.port;
    Experiment here = there;
    here.to = present->endpoint;
    here.as_account = true;
    planned_.push_back(std::move(here));
    there.as_account = plan_.policy.tls != TlsMode::off;
  }
  planned_.push_back(std::move(there));
}

std::vector<Experiment> Planner::all() {
  if (now_.is_clean()) return {};
  if (now_.pinned_elsewhere) look_at_pinned_target();
  look_into_names();
  if (!plan_.settings->connect_to) look_into_endpoint_names();
  for (std::size_t way = 0; way < now_.ways.size(); ++way) look_into(way);
  return std::move(planned_);
}

std::optional<Endpoint> second_address(const Facts& metadata) {
  const auto* cidrs = metadata.get(key::local_vpc_cidrs);
  if (!cidrs || cidrs->empty()) return std::nullopt;
  const std::string& first = cidrs->front();
  const auto network = Address::parse(std::string_view(first).substr(0, first.find('/')));
  if (!network || !network->is_v4()) return std::nullopt;
  std::array<std::uint8_t, 4> bytes{};
  std::copy_n(network->bytes().begin(), bytes.size(), bytes.begin());
  bytes[3] = static_cast<std::uint8_t>(bytes[3] + 2);
  return Endpoint{Address::v4(bytes), kDnsPort};
}

Endpoint resolver_at(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {Address::v4({a, b, c, d}), kDnsPort};
}

void add_once(std::vector<Endpoint>& list, const Endpoint& endpoint) {
  if (std::ranges::find(list, endpoint) == list.end()) list.push_back(endpoint);
}

std::string_view text_or_empty(const Facts& facts, const Key<std::string>& key) {
  const std::string* text = facts.get(key);
  return text ? std::string_view(*text) : std::string_view();
}

// A private endpoint's name that gives a public address.
bool leads_astray(const Observation& view, const Profile& profile) {
  if (profile.address != Expected::private_address) return false;
  const auto* answers = view.facts.get(key::dns_answers);
  return answers && std::ranges::any_of(*answers, [](const std::string& text) {
           const auto address = Address::parse(text);
           return address && address->classify() == AddressClass::global;
         });
}

}  // namespace

bool Experiment::is_of_the_sort_of(const Experiment& other) const {
  const auto sort = [](const Experiment& one) {
    return std::tie(one.name, one.to.port, one.question, one.attempt, one.how.from_port,
                    one.how.from, one.how.max_segment, one.as_account);
  };
  return sort(*this) == sort(other);
}

bool Situation::is_clean() const {
  return !name_is_in_doubt && !pinned_elsewhere && silent_resolvers.empty() &&
         std::ranges::all_of(ways, [](const Way& way) { return way.trouble == Trouble::none; });
}

Situation situation_of_names(const Evidence& resolved, std::vector<Endpoint> asked,
                             const Profile& profile) {
  Situation now;
  now.resolvers = std::move(asked);
  // By question: what a search list asks on its way to the name is no disagreement about the name.
  struct Question {
    std::string_view name, type;
    bool answered = false, missed = false;
  };
  std::vector<Question> questions;
  const bool all_answered = std::ranges::none_of(
      resolved.observations, [](const Observation& seen) { return seen.failure.has_value(); });
  for (const Observation& seen : resolved.observations) {
    if (seen.facts.get_or(key::dns_application_view, false)) {
      now.name_is_in_doubt = seen.failure.has_value() || leads_astray(seen, profile);
      continue;
    }
    if (all_answered) continue;
    const std::string_view name = text_or_empty(seen.facts, key::dns_question_name);
    const std::string_view type = text_or_empty(seen.facts, key::dns_question_type);
    auto known = std::ranges::find_if(questions, [&](const Question& question) {
      return question.name == name && question.type == type;
    });
    if (known == questions.end()) known = questions.insert(known, {name, type});
    (seen.failure ? known->missed : known->answered) = true;
    if (seen.failure != Failure::timed_out) continue;
    if (const auto resolver = Endpoint::parse(seen.resolver))
      add_once(now.silent_resolvers, *resolver);
  }
  now.name_is_in_doubt =
      now.name_is_in_doubt || std::ranges::any_of(questions, [](const Question& question) {
        return question.answered && question.missed;
      });
  return now;
}

std::vector<Experiment> plan_experiments(const Plan& plan, const Situation& now) {
  return Planner(plan, now).all();
}

// AWS: VPC+2 and the link-local address, which works in every VPC. Sources: the failure catalogue
// §2.0 (T-RESOLVERS); the addresses of Azure and Google are from memory there (§5.15), so their
// silence proves nothing.
std::vector<Endpoint> cloud_resolvers(const Facts& metadata) {
  const std::string provider = metadata.get_or(key::cloud_provider, std::string());
  if (provider == "aws") {
    std::vector<Endpoint> resolvers{resolver_at(169, 254, 169, 253)};
    if (const auto plus_two = second_address(metadata)) resolvers.push_back(*plus_two);
    return resolvers;
  }
  if (provider == "azure") return {resolver_at(168, 63, 129, 16)};
  if (provider == "gcp") return {resolver_at(169, 254, 169, 254)};
  if (provider == "alibaba_cloud")
    return {resolver_at(100, 100, 2, 136), resolver_at(100, 100, 2, 138)};
  return {};
}

}  // namespace plumb::engine

#include "tests/support/world.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>

#include "probe/model/keys.hpp"
#include "src/scenario_server.hpp"

namespace plumb::test {
namespace {

using Strings = std::vector<std::string>;
using Question = net::ScriptedWorld::Question;

constexpr const char* kPublic = "52.1.2.3";
constexpr const char* kPublicV6 = "2606:4700::77";

Address at(const std::string& text) { return *Address::parse(text); }

bool has_v4(const Setting& s) { return s.family == Family::v4 || s.family == Family::both; }
bool has_v6(const Setting& s) { return s.family != Family::v4; }

std::string network(const Setting& s) {
  return s.provider == Provider::nowhere ? "192.168." : "10.1.";
}

// The endpoint's name in one zone.
std::string zonal_name(int zone) {
  const std::string letter(1, static_cast<char>('a' + zone - 1));
  return "vpce-0123456789abcdef0-abcdefgh-us-east-1" + letter +
         ".vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com";
}

std::string v4_of(const Setting& s, int zone) { return network(s) + std::to_string(zone) + ".10"; }
std::string v6_of(const Setting& s, int zone) {
  const bool global = s.family == Family::v6_global;
  return (global ? "2600:1f18:1:" : "fd00:1:0:") + std::to_string(zone) + "::10";
}

struct Place4 {
  Address address;
  int zone;
};
std::vector<Place4> addresses_of(const Setting& s) {
  std::vector<Place4> all;
  for (int zone = 1; zone <= s.zones; ++zone) {
    if (has_v4(s)) all.push_back({at(v4_of(s, zone)), zone});
    if (has_v6(s)) all.push_back({at(v6_of(s, zone)), zone});
  }
  return all;
}

// --- names ---------------------------------------------------------------------------------------

std::string own_resolver(const Setting& s) {
  switch (s.provider) {
    case Provider::aws:
      return "10.1.0.2";
    case Provider::azure:
      return "168.63.129.16";
    case Provider::gcp:
      return "169.254.169.254";
    case Provider::alibaba:
      return "100.100.2.136";
    default:
      return "192.168.0.1";
  }
}

Strings configured(const Setting& s) {
  if (s.resolvers == Resolvers::custom) return {network(s) + "0.53"};
  if (s.resolvers == Resolvers::two) return {own_resolver(s), network(s) + "0.53"};
  return {own_resolver(s)};
}

// What asks nobody but the cloud itself.
Strings of_the_cloud(const Setting& s) {
  if (s.provider == Provider::aws) return {"10.1.0.2", "169.254.169.253"};
  if (s.provider == Provider::nowhere) return {};
  if (s.provider == Provider::alibaba) return {"100.100.2.136", "100.100.2.138"};
  return {own_resolver(s)};
}

class NameTeller {
 public:
  NameTeller(const World& world, net::ScriptedWorld& into) : world_(world), into_(into) {}

  void tell() {
    const Setting& s = world_.setting;
    const Strings asked = configured(s);
    for (const std::string& resolver : of_the_cloud(s)) answer_of_the_cloud(resolver);
    for (std::size_t i = 0; i < asked.size(); ++i) answer(asked[i], i);
  }

 private:
  // It is right where only the client's own resolver is wrong.
  void answer_of_the_cloud(const std::string& resolver) {
    if (world_.names == NameAnswers::all_mute || world_.names == NameAnswers::one_mute) return;
    const bool no_better =
        world_.setting.resolvers != Resolvers::custom || world_.names == NameAnswers::unknown ||
        world_.names == NameAnswers::all_public || world_.names == NameAnswers::stale;
    say(resolver, no_better ? world_.names : NameAnswers::right);
  }

  void answer(const std::string& resolver, std::size_t place) {
    if (world_.names == NameAnswers::all_mute) return;
    if (world_.names == NameAnswers::one_mute) {
      if (place == 0)
        say(resolver, NameAnswers::right);
      else
        mute(resolver);
      return;
    }
    say(resolver, world_.names);
  }

  void say(const std::string& resolver, NameAnswers what) {
    const Setting& s = world_.setting;
    std::vector<Address> all;
    if (what == NameAnswers::right)
      for (const Place4& place : addresses_of(s)) all.push_back(place.address);
    if (what == NameAnswers::stale) all = {at(has_v4(s) ? network(s) + "9.9" : "fd00:1:0:9::9")};
    if (what == NameAnswers::sunk) all = {at("0.0.0.0")};
    if (what == NameAnswers::all_public || what == NameAnswers::custom_public)
      all = {at(has_v4(s) ? kPublic : kPublicV6)};
    const int rcode = what == NameAnswers::unknown || what == NameAnswers::bypasses_vpc ? 3
                      : what == NameAnswers::servfail                                   ? 2
                      : what == NameAnswers::refused                                    ? 5
                                                                                        : 0;
    put(resolver, world_.host(), all, rcode);
    if (s.naming == Naming::of_endpoint && what == NameAnswers::right)
      for (int zone = 1; zone <= s.zones; ++zone) {
        std::vector<Address> there;
        for (const Place4& place : addresses_of(s))
          if (place.zone == zone) there.push_back(place.address);
        put(resolver, zonal_name(zone), there, 0);
      }
  }

  void put(const std::string& resolver, const std::string& name, const std::vector<Address>& all,
           int rcode) {
    for (const auto type : {wire::DnsType::a, wire::DnsType::aaaa}) {
      net::ScriptedAnswer answer;
      answer.message.rcode = rcode;
      answer.message.recursion_available = true;
      for (const Address& address : all)
        if (address.is_v4() == (type == wire::DnsType::a))
          answer.message.addresses.push_back(address);
      if (!answer.message.addresses.empty()) answer.message.ttl_s = 60;
      if (world_.setting.alias && rcode == 0) answer.message.cname_chain = {"real." + name};
      into_.answers[Question{{at(resolver), 53}, name, type}] = answer;
    }
  }

  void mute(const std::string& resolver) {
    net::ScriptedAnswer answer;
    answer.failure = Failure::timed_out;
    for (const auto type : {wire::DnsType::a, wire::DnsType::aaaa})
      into_.answers[Question{{at(resolver), 53}, world_.host(), type}] = answer;
  }

  const World& world_;
  net::ScriptedWorld& into_;
};

// --- the way -------------------------------------------------------------------------------------

// What a SYN meets, in the order of the way.
class Way {
 public:
  Way(const World& world, WallTime now) : world_(world), server_(server_of(world, now)) {}

  net::ScriptedEndpoint meets(const Address& address, int zone, std::uint16_t port) const {
    net::ScriptedEndpoint met;
    if (const auto failure = at_this_host()) {
      met.failure = failure;
    } else if (world_.this_host == ThisHost::drops && port == world_.port()) {
      met.held_back = true;
    } else if (is_dropped_before_device(port)) {
      met.failure = Failure::timed_out;
    } else if (world_.device != Device::none) {
      prohibited(address, met);
    } else if (is_dropped(zone, port)) {
      met.failure = Failure::timed_out;
    } else {
      depends_on_source(met);
      if (is_refused(zone))
        met.failure = Failure::refused;
      else
        accepted(met);
    }
    return met;
  }

 private:
  std::optional<Failure> at_this_host() const {
    switch (world_.this_host) {
      case ThisHost::forbids:
        return Failure::permission_denied;
      case ThisHost::no_route:
        return Failure::net_unreachable;
      case ThisHost::no_ports:
        return Failure::address_unavailable;
      default:
        return std::nullopt;
    }
  }

  bool is_dropped_before_device(std::uint16_t port) const {
    if (port != world_.port()) return false;
    return world_.client_group_closed || world_.acl == Acl::drops_requests;
  }

  bool is_dropped(int zone, std::uint16_t port) const {
    const std::uint16_t other = world_.port() == 4000 ? 3306 : 4000;
    const EndpointGroup group = world_.endpoint_group;
    const bool by_group = group == EndpointGroup::closed || group == EndpointGroup::members_only ||
                          (group == EndpointGroup::other_port_only && port == world_.port());
    if (by_group || world_.endpoint != EndpointState::accepted) return true;
    const bool both = group == EndpointGroup::other_port_only;
    const bool moved = world_.listener == Listener::on_other_port;
    const bool listens = moved ? port == other : port == world_.port() || (both && port == other);
    if (!listens) return true;
    if (world_.targets == Targets::group_closed || world_.targets == Targets::stale) return true;
    return (world_.zones == Zones::one_silent && zone == 1) ||
           world_.answer_acl == AnswerAcl::drops_all;
  }

  bool is_refused(int zone) const {
    return world_.targets == Targets::refuse || (world_.zones == Zones::one_refuses && zone == 1);
  }

  void prohibited(const Address& address, net::ScriptedEndpoint& met) const {
    const bool says_port = world_.device == Device::port_unreachable;
    met.failure = says_port ? Failure::refused : Failure::admin_prohibited;
    const int code = address.is_v4() ? (says_port ? 3 : 13) : (says_port ? 4 : 1);
    met.facts.set(key::tcp_icmp_type, std::int64_t{address.is_v4() ? 3 : 1});
    met.facts.set(key::tcp_icmp_code, std::int64_t{code});
    met.facts.set(key::tcp_icmp_from, network(world_.setting) + "0.1");
  }

  // Holds for whatever comes back, a refusal as well.
  void depends_on_source(net::ScriptedEndpoint& met) const {
    if (world_.answer_acl == AnswerAcl::low_ports_only)
      met.from_port_low = 1024, met.from_port_high = 5000;
    if (world_.answer_acl == AnswerAcl::high_ports_only)
      met.from_port_low = 61000, met.from_port_high = 65535;
    if (world_.endpoint_group == EndpointGroup::other_address_only)
      met.only_from = at(has_v4(world_.setting) ? network(world_.setting) + "0.6" : "fd00:1::6");
  }

  void accepted(net::ScriptedEndpoint& met) const {
    met.facts.set(key::tcp_mss, std::int64_t{1460});
    met.peer = [story = server_] { return std::make_unique<StoryServer>(story); };
    if (world_.large_segments_lost) met.largest_segment = 1200;
  }

  const World& world_;
  ServerStory server_;
};

void lay_ways(const World& world, WallTime now, net::ScriptedWorld& into) {
  const Way way(world, now);
  std::set<std::uint16_t> ports{world.port(), 4000, 3306, 443};
  for (const Place4& place : addresses_of(world.setting))
    for (const std::uint16_t port : ports)
      into.endpoints[{place.address, port}] = way.meets(place.address, place.zone, port);
  net::ScriptedEndpoint answers, refuses;
  refuses.failure = Failure::refused;
  if (world.names != NameAnswers::all_mute)
    for (const std::string& resolver : configured(world.setting))
      into.endpoints[{at(resolver), 53}] = answers;
  into.endpoints[{at("0.0.0.0"), world.port()}] = refuses;
}

// --- this host -----------------------------------------------------------------------------------

void describe_host(const World& world, net::ScriptedWorld& into) {
  const Setting& s = world.setting;
  into.resolv_conf.clear();
  for (const std::string& resolver : configured(s))
    into.resolv_conf += "nameserver " + resolver + "\n";
  if (world.hosts == HostsFile::names_a_dead_address)
    into.hosts += (has_v4(s) ? network(s) + "8.8 " : "fd00:1:0:8::8 ") + world.host() + "\n";
  net::Locality& local = into.locality;
  local.addresses.push_back(at(network(s) + "0.5"));
  if (has_v6(s)) local.addresses.push_back(at("fd00:1::5"));
  if (world.endpoint_group == EndpointGroup::other_address_only)
    local.addresses.push_back(at(has_v4(s) ? network(s) + "0.6" : "fd00:1::6"));
  local.default_route_v4 = local.any_route = true;
  local.syns.emplace();
  local.default_route_v6 = has_v6(s) && world.this_host != ThisHost::no_route;
}

void describe_cloud(const World& world, Facts& into) {
  if (!world.knows_where()) return;
  static constexpr std::array<std::pair<const char*, const char*>, 5> kWords{
      {{"", ""},
       {"aws", "us-east-1"},
       {"azure", "eastus"},
       {"gcp", "us-east1"},
       {"alibaba_cloud", "cn-hangzhou"}}};
  const auto& [provider, region] = kWords[static_cast<std::size_t>(world.setting.provider)];
  into.set(key::cloud_provider, std::string(provider));
  into.set(key::cloud_region, std::string(region));
  into.set(key::local_vpc_cidrs, Strings{"10.1.0.0/16", "fd00:1::/32", "2600:1f18:1::/48"});
  into.set(key::local_clock_offset_s,
           world.dates == Dates::client_clock_ahead ? 45.0 * 86400 : 0.0);
}

engine::Settings settings_of(const Setting& s) {
  engine::Settings settings;
  settings.tls = s.tls;
  if (s.tls == TlsMode::verify_ca || s.tls == TlsMode::verify_full) settings.ca = "ca.pem";
  if (s.account) {
    settings.user = "3pTAoNNegb47Uc8.app";  // which TiDB Cloud Starter would know as well
    settings.password = Secret("pw");
  }
  return settings;
}

}  // namespace

std::string World::host() const {
  if (setting.naming == Naming::private_dns)
    return "gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com";
  if (setting.naming == Naming::of_endpoint)
    return "vpce-0123456789abcdef0-abcdefgh.vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws."
           "com";
  return "db.example.com";
}

std::uint16_t World::port() const { return setting.naming == Naming::private_dns ? 4000 : 3306; }

bool World::talks_tls() const {
  return setting.tls != TlsMode::off && handshake != Handshake::not_offered;
}

bool World::verifies() const {
  return setting.tls == TlsMode::verify_ca || setting.tls == TlsMode::verify_full;
}

bool World::knows_where() const {
  return setting.provider != Provider::nowhere && !setting.metadata_hidden;
}

Scene scene_of(const World& world, WallTime now) {
  Scene scene;
  const std::string host = world.host();
  scene.target = *parse_target(host + ":" + std::to_string(world.port())).target;
  scene.settings = settings_of(world.setting);
  NameTeller(world, scene.world).tell();
  lay_ways(world, now, scene.world);
  describe_host(world, scene.world);
  describe_cloud(world, scene.world.metadata);
  return scene;
}

}  // namespace plumb::test

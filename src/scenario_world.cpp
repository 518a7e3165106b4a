#include "src/scenario_world.hpp"

#include <array>
#include <string>
#include <utility>

#include "probe/model/keys.hpp"
#include "src/scenario_story.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

using yaml::text_of;
using yaml::text_or;
using Question = net::ScriptedWorld::Question;

Endpoint resolver_of(const YAML::Node& node) {
  const std::string text = text_of(node);
  if (const auto address = Address::parse(text)) return {*address, 53};
  const auto endpoint = Endpoint::parse(text);
  if (!endpoint) yaml::fail(node, "expected a resolver, IP or IP:PORT");
  return *endpoint;
}

net::ScriptedAnswer answer_in_a_word(const YAML::Node& node) {
  static constexpr std::array<std::pair<std::string_view, int>, 5> kRcodes{
      {{"NODATA", 0}, {"FORMERR", 1}, {"SERVFAIL", 2}, {"NXDOMAIN", 3}, {"REFUSED", 5}}};
  net::ScriptedAnswer answer;
  for (const auto& [name, rcode] : kRcodes) {
    if (name != text_of(node)) continue;
    answer.message.rcode = rcode;
    return answer;
  }
  answer.failure = yaml::failure_of(node);
  return answer;
}

net::ScriptedAnswer answer_with(const YAML::Node& node, const char* type) {
  net::ScriptedAnswer answer;
  for (const auto& text : node[type]) answer.message.addresses.push_back(yaml::address_of(text));
  answer.message.cname_chain = yaml::texts(node["cname"]);
  answer.message.recursion_available = true;
  if (!answer.message.addresses.empty())
    answer.message.ttl_s = static_cast<std::uint32_t>(yaml::number_or(node, "ttl", 60));
  if (node["ede"]) {
    answer.message.ede_code = static_cast<std::uint16_t>(yaml::number_or(node, "ede", 0));
    answer.message.ede_text = text_or(node, "ede_text", "");
  }
  answer.message.rcode = yaml::number_or(node, "rcode", 0);
  answer.message.soa_zone = text_or(node, "soa", "");
  answer.truncated = yaml::flag_or(node, "truncated", false);
  return answer;
}

void read_dns(const YAML::Node& dns, net::ScriptedWorld& world) {
  for (const auto& resolver : dns) {
    const Endpoint at = resolver_of(resolver.first);
    for (const auto& entry : resolver.second) {
      const std::string name = text_of(entry.first);
      const YAML::Node& said = entry.second;
      const Question a{at, name, wire::DnsType::a}, aaaa{at, name, wire::DnsType::aaaa};
      if (said.IsScalar()) {
        world.answers[a] = world.answers[aaaa] = answer_in_a_word(said);
        continue;
      }
      yaml::allow_keys(
          said, {"a", "aaaa", "cname", "ttl", "ede", "ede_text", "rcode", "soa", "truncated"});
      world.answers[a] = answer_with(said, "a");
      world.answers[aaaa] = answer_with(said, "aaaa");
    }
  }
}

void read_connect(const YAML::Node& connect, net::ScriptedEndpoint& into) {
  if (connect.IsScalar()) {
    into.failure = yaml::failure_of(connect);
    return;
  }
  yaml::allow_keys(connect, {"failure", "icmp_type", "icmp_code", "icmp_from"});
  into.failure = yaml::failure_of(connect["failure"]);
  if (connect["icmp_type"])
    into.facts.set(key::tcp_icmp_type, connect["icmp_type"].as<std::int64_t>());
  if (connect["icmp_code"])
    into.facts.set(key::tcp_icmp_code, connect["icmp_code"].as<std::int64_t>());
  if (connect["icmp_from"]) into.facts.set(key::tcp_icmp_from, text_of(connect["icmp_from"]));
}

// What makes the way to a server depend on how it is gone.
void read_way(const YAML::Node& server, net::ScriptedEndpoint& into) {
  if (const YAML::Node ports = server["from_ports"]) {
    into.from_port_low = ports[0].as<std::uint16_t>();
    into.from_port_high = ports[1].as<std::uint16_t>();
  }
  if (server["only_from"]) into.only_from = yaml::address_of(server["only_from"]);
  into.largest_segment = yaml::number_or(server, "largest_segment", 0);
  into.silent_every = yaml::number_or(server, "silent_every", 0);
  into.held_back = yaml::flag_or(server, "held_back", false);
}

net::ScriptedEndpoint read_server(const YAML::Node& server, WallTime now) {
  net::ScriptedEndpoint endpoint;
  if (server.IsScalar()) {
    endpoint.failure = yaml::failure_of(server);
    return endpoint;
  }
  yaml::allow_keys(
      server, {"connect", "says", "greeting", "login", "anonymous", "variables", "tls", "tls_first",
               "from_ports", "only_from", "largest_segment", "silent_every", "held_back"});
  read_way(server, endpoint);
  if (server["connect"]) {
    read_connect(server["connect"], endpoint);
    return endpoint;
  }
  ServerStory story = read_server_story(server, now);
  endpoint.facts.set(key::tcp_mss, std::int64_t{1460});
  endpoint.peer = [story = std::move(story)] { return std::make_unique<StoryServer>(story); };
  return endpoint;
}

void read_client(const YAML::Node& client, net::Locality& into) {
  yaml::allow_keys(client, {"addresses", "default_route", "any_route"});
  into.addresses.clear();
  for (const auto& text : client["addresses"]) into.addresses.push_back(yaml::address_of(text));
  into.default_route_v4 = yaml::flag_or(client, "default_route", into.default_route_v4);
  into.any_route = yaml::flag_or(client, "any_route", into.any_route);
}

// Numbers are as texts in YAML, so each key says what its value is.
void read_metadata(const YAML::Node& metadata, Facts& into) {
  yaml::allow_keys(metadata, {"provider", "region", "zone_id", "vpc_id", "vpc_cidrs",
                              "security_groups", "clock_offset_s"});
  const auto text = [&](const char* name, const key::Text& key) {
    if (metadata[name]) into.set(key, text_of(metadata[name]));
  };
  text("provider", key::cloud_provider);
  text("region", key::cloud_region);
  text("zone_id", key::local_zone_id);
  text("vpc_id", key::local_vpc);
  if (metadata["vpc_cidrs"]) into.set(key::local_vpc_cidrs, yaml::texts(metadata["vpc_cidrs"]));
  if (metadata["security_groups"])
    into.set(key::local_groups, yaml::texts(metadata["security_groups"]));
  if (metadata["clock_offset_s"])
    into.set(key::local_clock_offset_s, metadata["clock_offset_s"].as<double>());
}

}  // namespace

net::ScriptedWorld read_world(const YAML::Node& scenario, WallTime now) {
  net::ScriptedWorld world;
  world.locality.addresses = {Address::v4({10, 0, 0, 5})};
  world.locality.default_route_v4 = world.locality.any_route = true;
  world.locality.syns.emplace();
  if (scenario["client"]) read_client(scenario["client"], world.locality);
  world.resolv_conf = text_or(scenario, "resolv_conf", world.resolv_conf);
  world.resolv_readable = text_or(scenario, "resolv_conf", "") != "unreadable";
  world.hosts = text_or(scenario, "hosts", world.hosts);
  world.nsswitch = text_or(scenario, "nsswitch", world.nsswitch);
  if (scenario["dns"]) read_dns(scenario["dns"], world);
  if (scenario["metadata"]) read_metadata(scenario["metadata"], world.metadata);
  world.hops = yaml::texts(scenario["hops"]);
  for (const auto& resolver : scenario["only_tcp"]) world.only_tcp.insert(resolver_of(resolver));
  for (const auto& server : scenario["servers"]) {
    const auto endpoint = Endpoint::parse(text_of(server.first));
    if (!endpoint) yaml::fail(server.first, "expected IP:PORT");
    world.endpoints[*endpoint] = read_server(server.second, now);
  }
  return world;
}

}  // namespace plumb

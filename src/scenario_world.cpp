#include "src/scenario_world.hpp"

#include <array>
#include <string>
#include <utility>

#include "probe/model/keys.hpp"
#include "src/scenario_story.hpp"
#include "src/scenario_yaml.hpp"

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
      yaml::allow_keys(said,
                       {"a", "aaaa", "cname", "ttl", "ede", "ede_text", "rcode", "truncated"});
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

net::ScriptedEndpoint read_server(const YAML::Node& server, WallTime now) {
  net::ScriptedEndpoint endpoint;
  if (server.IsScalar()) {
    endpoint.failure = yaml::failure_of(server);
    return endpoint;
  }
  yaml::allow_keys(server, {"connect", "says", "greeting", "login", "anonymous", "tls"});
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

}  // namespace

net::ScriptedWorld read_world(const YAML::Node& scenario, WallTime now) {
  net::ScriptedWorld world;
  world.locality.addresses = {Address::v4({10, 0, 0, 5})};
  world.locality.default_route_v4 = world.locality.any_route = true;
  if (scenario["client"]) read_client(scenario["client"], world.locality);
  world.resolv_conf = text_or(scenario, "resolv_conf", world.resolv_conf);
  world.resolv_readable = text_or(scenario, "resolv_conf", "") != "unreadable";
  world.hosts = text_or(scenario, "hosts", world.hosts);
  world.nsswitch = text_or(scenario, "nsswitch", world.nsswitch);
  if (scenario["dns"]) read_dns(scenario["dns"], world);
  for (const auto& server : scenario["servers"]) {
    const auto endpoint = Endpoint::parse(text_of(server.first));
    if (!endpoint) yaml::fail(server.first, "expected IP:PORT");
    world.endpoints[*endpoint] = read_server(server.second, now);
  }
  return world;
}

}  // namespace plumb

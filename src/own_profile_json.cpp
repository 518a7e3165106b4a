#include "src/own_profile_json.hpp"

#include "src/strict_json.hpp"

namespace plumb {

using output::Json;
using strict::as_text;
using strict::check_keys;
using strict::flag;
using strict::integer;
using strict::optional_text;
using strict::text;
using strict::word;
using strict::Wrong;

Json own_profile_to_json(const UserProfileText& own) {
  Json out{{"like", own.like}};
  const auto add = [&out](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  add("title", own.title);
  add("ca", own.ca);
  add("server_name", own.server_name);
  for (const std::string& flavor : own.flavors) out["flavors"].push_back(flavor);
  if (own.address) out["address"] = to_string(*own.address);
  if (own.port) out["port"] = *own.port;
  if (own.tls) out["tls"] = to_string(*own.tls);
  if (own.behind_load_balancer) out["behind_load_balancer"] = *own.behind_load_balancer;
  return out;
}

UserProfileText own_profile_from_json(const Json& json) {
  check_keys(json, "own_profile",
             {"like", "title", "ca", "server_name", "flavors", "address", "port", "tls",
              "behind_load_balancer"});
  UserProfileText own;
  own.like = text(json, "like");
  own.title = optional_text(json, "title");
  own.ca = optional_text(json, "ca");
  own.server_name = optional_text(json, "server_name");
  if (json.contains("flavors")) {
    if (!json["flavors"].is_array()) throw Wrong("'flavors' must be a list");
    for (const Json& flavor : json["flavors"]) own.flavors.push_back(as_text(flavor, "flavors"));
  }
  if (json.contains("address")) own.address = word<Expected>(json, "address");
  if (json.contains("port")) own.port = static_cast<std::uint16_t>(integer(json, "port", 1, 65535));
  if (json.contains("tls")) own.tls = word<TlsMode>(json, "tls");
  if (json.contains("behind_load_balancer"))
    own.behind_load_balancer = flag(json, "behind_load_balancer");
  return own;
}

}  // namespace plumb

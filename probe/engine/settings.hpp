// What a user asked for, apart from the target: the options of `plumb check` boiled down. Const
// after start.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/model/secret.hpp"
#include "probe/model/user_profile.hpp"
#include "probe/model/vocabulary.hpp"
#include "probe/wire/tls_settings.hpp"

namespace plumb::engine {

struct Settings {
  Purpose purpose = Purpose::connect;
  std::string profile;          // by name, for all targets; empty: by each target's host
  UserProfiles profiles;        // of --profile-file
  std::string replica_version;  // X.Y.Z; empty: not given
  std::optional<TlsMode>
      tls;         // absent: the profile's; verify-full when a CA or server name is given
  std::string ca;  // as given: a path, "system", "isrg-root-x1"; empty: the profile's
  // Loaded by trust_name() of each target's profile (plan.hpp).
  std::map<std::string, std::shared_ptr<const wire::Trust>, std::less<>> trusts;
  std::string server_name;
  std::string client_certificate_file, client_key_file;
  std::optional<int> cert_warn_days;
  std::optional<Address> connect_to;
  std::optional<Address> pinned_target;  // what a load balancer's target group holds
  std::vector<Endpoint> resolvers;       // asked instead of the configured ones
  std::optional<Endpoint> vpc_resolver;  // asked beside them
  bool ipv4 = true, ipv6 = true;
  std::optional<Address> source;
  std::string user;  // empty: the target's, else anonymous
  std::optional<Secret> password;
  std::string probe_user = "plumb_probe";
  std::chrono::seconds retry_auth{3600};
  std::chrono::milliseconds timeout{10000};
  bool metadata = true;  // the cloud may be asked where this host is
  // What a fleet may take of this host, the network and each server (design.md §2.1).
  int concurrency = 1000;        // targets in flight
  double rate = 0;               // targets begun a second; 0: as many as there is room for
  int per_address = 4;           // connections in flight to one address
  double per_address_rate = 20;  // connections begun a second to one address
  double resolver_rate = 500;    // questions a second to one resolver
};

}  // namespace plumb::engine

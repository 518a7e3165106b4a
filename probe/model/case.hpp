// Everything a diagnosis may look at, and nothing else: `--save` writes it, `replay` reads it, and
// diagnose() is a pure function of it. No clock, no file, no environment is consulted beside it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/observation.hpp"
#include "probe/model/profile.hpp"
#include "probe/model/target.hpp"
#include "probe/model/user_profile.hpp"

namespace plumb {

// What the user asked to hold: the TLS policy and the names to judge by.
struct Policy {
  TlsMode tls = TlsMode::preferred;
  std::string server_name;  // checked against the certificate; empty: the target's host
  std::string ca;           // what trust was loaded from: a path, "system", "isrg-root-x1"
  std::optional<Address> pinned_target;  // what a load balancer's target group holds
  std::optional<int> cert_warn_days;  // --cert-warn; absent: min(21 days, a third of the lifetime)
  std::string account;                // the configured user, without its password; empty: anonymous
  std::string probe_user = "plumb_probe";
  std::string replica_version;  // --replica-version, X.Y.Z; empty: not given
};

struct Case {
  Target target;
  const Profile* profile = nullptr;                // never null
  std::shared_ptr<const UserProfile> own_profile;  // keeps *profile, where it is the user's
  Purpose purpose = Purpose::connect;
  Policy policy;
  Evidence evidence;
  WallTime started;  // when the run began; certificate dates are judged at this time
  Micros took{0};
  Micros budget{std::chrono::seconds(10)};  // --timeout
  std::string tool_version;

  const std::string& name_to_check() const {
    return policy.server_name.empty() ? target.host : policy.server_name;
  }
};

}  // namespace plumb

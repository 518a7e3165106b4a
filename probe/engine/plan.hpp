// What one run will do, decided before the first packet: a pure function of target, profile and
// settings.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "probe/engine/settings.hpp"
#include "probe/model/case.hpp"
#include "probe/wire/check.hpp"

namespace plumb::engine {

struct Plan {
  Target target;
  const Profile* profile = nullptr;
  std::shared_ptr<const UserProfile> own_profile;  // keeps *profile, where it is the user's
  Policy policy;
  std::vector<std::uint16_t> ports;  // one, or 4000 and 3306 where nobody knows (design.md §2.1)
  Login account;                     // user empty: none
  Login anonymous;
  wire::TlsSettings tls;
  std::shared_ptr<const Settings> settings;  // never null
  const Check* conversation = nullptr;       // how to talk once connected
  const Check* session = nullptr;            // what to ask in a session; null: none is held
};

// By whose roots a chain is judged there: what --ca gave, the profile's, or "system".
std::string trust_name(const Settings& settings, const Profile& profile);

// The profile that settings->profile names must be one that choose_profile() finds.
Plan make_plan(Target target, std::shared_ptr<const Settings> settings, const Check& conversation,
               const Check* session = nullptr);

}  // namespace plumb::engine

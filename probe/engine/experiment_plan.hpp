// Which follow-ups can tell the look-alikes of a trouble apart (failure catalogue §2.0). A pure
// function of what the first pass has seen so far; it may be asked again as more becomes known, and
// whoever runs the experiments runs each once.
//
// Bounded by construction: the costly ones go to one address of a kind of trouble, the second port
// to two. Conversations that are likely to end as a drop (a stall, a mute port) are planned so that
// with the first pass they stay within the three drops per address (design.md §1.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/engine/plan.hpp"
#include "probe/engine/trouble.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

struct Experiment {
  enum class Kind : std::uint8_t { conversation, trace, question, connect_only };
  enum class Tls : std::uint8_t { as_policy, off, required, first };

  std::string_view name;  // experiment::k…
  Kind kind = Kind::conversation;
  Endpoint to;  // a question: the resolver
  net::ConnectOptions how = {};
  Tls tls = Tls::as_policy;
  std::string question = {};  // the name to ask for
  bool over_tcp = false;
  bool as_account = false;  // log in with the account where the way may, and ask who answers
  int attempt = 0;          // 1, 2, … where it is done several times
  Micros pause{0};          // before it begins
  int prompted_by = -1;     // index of the way whose trouble it looks into; -1: the name

  // The same but for the address; at the same address as well it is the same experiment.
  bool is_of_the_sort_of(const Experiment& other) const;
};

struct Way {
  Endpoint endpoint;
  Trouble trouble = Trouble::none;
  bool took_account = false;  // it has accepted the account
};

struct Situation {
  std::vector<Way> ways;
  bool name_is_in_doubt = false;  // no address, resolvers that disagree, or an odd class of address
  std::vector<Endpoint> resolvers;         // asked in the first pass
  std::vector<Endpoint> silent_resolvers;  // of them
  std::vector<Address> own_addresses;
  Micros answered_in{0};  // the fastest answer to a SYN that was sent once; 0: none came
  // Of source ports, another one in each run: on the way a rule may still know the connection that
  // an earlier run made from the same port.
  std::uint16_t shift = 0;
  bool pinned_elsewhere = false;  // --pinned-target is none of the name's addresses
  std::optional<Facts> metadata;  // absent: not asked yet

  bool is_clean() const;
};

// What the resolve steps of the first pass, and nothing else, say about the name; `asked`: the
// resolvers. `ways` stay empty.
Situation situation_of_names(const Evidence& resolved, std::vector<Endpoint> asked,
                             const Profile& profile);

std::vector<Experiment> plan_experiments(const Plan& plan, const Situation& now);

// The resolvers of the cloud this host is in: by the metadata's word, or of none.
std::vector<Endpoint> cloud_resolvers(const Facts& metadata);

}  // namespace plumb::engine

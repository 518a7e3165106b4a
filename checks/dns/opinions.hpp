// What each resolver that was asked thinks of the target's name, all its answers together, follow-
// ups included; and which of them is the cloud's own, the one that knows private DNS.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "checks/dns/answers.hpp"
#include "probe/model/cause.hpp"

namespace plumb::dns {

struct Opinion {
  std::string resolver;
  bool clouds_own = false;
  std::vector<Address> addresses;         // of any family
  std::size_t privates = 0, publics = 0;  // how many of them surely are
  std::vector<Failure> failures;          // of its questions that failed
  std::string soa;                        // zone that a negative answer names
  std::vector<int> evidence;
  int over_tcp = 0;  // the follow-up that it answered over TCP; 0: none

  bool knows_private() const;  // gives a private address
  bool only_public() const;    // gives addresses, all of them public
  bool denies() const;         // answered, and gives no address
  bool denies_with(Failure failure) const;
  bool is_mute() const;  // no usable answer to any question
  bool wavers() const;   // answered some questions and not others
};

std::vector<Opinion> opinions(const Case& about);

struct Opinions {
  std::vector<Opinion> configured, clouds_own;
};
Opinions split_opinions(const Case& about);

std::vector<int> evidence_of(const std::vector<Opinion>& some);
std::string resolvers_of(const std::vector<Opinion>& some);

// What decides outside AWS whether a name goes past the cloud's own resolver; empty: in AWS, or where
// nobody knows the cloud, for the row says it.
std::string_view decide_elsewhere(const Case& about);

// Where the chain of aliases ends that gives no address; empty: the name is no such alias.
std::string dead_end(const Case& about);

// Where the application gets no address, or only global ones although a private one is expected:
// the name is in trouble, and its view is what a cause is anchored at.
bool name_is_in_trouble(const Case& about);
Verdict at_the_view(const Case& about, Confidence how_sure, int rank,
                    const std::vector<Opinion>& proof);

}  // namespace plumb::dns

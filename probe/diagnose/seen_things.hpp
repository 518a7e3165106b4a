// A set of things of which only their hashes are kept, in bounded memory: exact up to 65,536 of
// them, beyond that a Bloom filter of 2 MiB. It may then say of a thing that it was seen when it was
// not (one in two thousand at a million things, one in two at five), never the other way round.
// What asks it must do no harm by believing so: a fault that several share is then not named, as
// though it had worked for somebody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace plumb {

class SeenThings {
 public:
  static constexpr std::size_t kExact = 65536;

  static std::uint64_t hash(std::string_view text);

  void add(std::uint64_t hash);
  bool contains(std::uint64_t hash) const;

 private:
  std::unordered_set<std::uint64_t> exact_;
  std::vector<std::uint64_t> bits_;  // empty: all are in exact_
};

}  // namespace plumb

// What was seen to work in a run, by kind and value. A fleet has an address that works for nearly
// every target, so only 64 bits of each are kept, and each once: a million are 8 MiB, 16 while some
// wait to be sorted in. Two things that share their bits are mistaken for each other; among a
// million that happens to one of 2^44 questions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plumb {

class SeenWorking {
 public:
  void add(unsigned kind, std::string_view value);
  // Of what settle() came after.
  bool contains(unsigned kind, std::string_view value) const;
  void settle();
  std::size_t size() const { return hashes_.size(); }

 private:
  std::vector<std::uint64_t> hashes_;
  std::size_t settled_ = 0;  // so many stand at the front, sorted
};

}  // namespace plumb

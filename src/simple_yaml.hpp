// An entry of a list as programs write it, ten thousand times: one level of keys, and values that
// can mean one thing only. All three are the same:
//
//   - {target: 'orders:3306', connect_to: 10.0.0.7}
//   - target: orders:3306
//     connect_to: 10.0.0.7
//
// and a string alone is a target. For a YAML parser that is 110,000 instructions, as many as the
// rest of a plain probe; here 2,000. What is not as simple (a comment, an escape, a list, a word
// such as null) is not wrong: nothing is returned, and the YAML parser has the word. A test and a
// fuzzer hold what is returned against what it says.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb {

using SimplePairs = std::vector<std::pair<std::string_view, std::string_view>>;

// Views into `text`, but for the key of a string alone. In order; a key may be there twice.
std::optional<SimplePairs> simple_pairs(std::string_view text);

}  // namespace plumb

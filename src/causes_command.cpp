#include "src/causes_command.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/model/printable.hpp"
#include "src/catalogue.hpp"
#include "src/deliver.hpp"
#include "src/exit_code.hpp"
#include "src/output/causes_text.hpp"

namespace plumb {
namespace {

// Levenshtein's distance: typing mistakes between two words.
std::size_t mistakes(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

// What holds the word that was typed, else what is a few typing mistakes away; one a line.
std::string nearest(const std::string& id) {
  constexpr std::size_t kLongestId = 64;
  if (id.size() > kLongestId) return {};
  std::string found = output::similar_causes(catalogue(), id);
  if (!found.empty()) return found;
  for (const Cause* cause : catalogue())
    if (mistakes(id, cause->id) <= 3) found += std::string(cause->id) + "\n";
  return found;
}

int unknown_cause(const std::string& id) {
  std::string message = "no cause is called " + printable(id, 64);
  const std::string similar = nearest(id);
  if (similar.empty()) {
    message += "; 'plumb causes' lists them all";
  } else {
    message += "; the nearest:\n" + similar;
    while (message.back() == '\n') message.pop_back();
  }
  complain(message);
  return kExitUsage;
}

}  // namespace

int causes_command(const CausesOptions& options) {
  if (options.id.empty())
    return answer(options.json ? output::causes_json(catalogue())
                               : output::causes_list(catalogue()));
  const Cause* cause = output::find_cause(catalogue(), options.id);
  if (!cause) return unknown_cause(options.id);
  const Cause* const one[] = {cause};
  return answer(options.json ? output::causes_json(one) : output::cause_page(*cause));
}

}  // namespace plumb

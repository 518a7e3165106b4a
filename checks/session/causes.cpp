#include "checks/session/causes.hpp"

#include <vector>

namespace plumb::session {

std::span<const Cause> causes() {
  static const std::vector<Cause> all = [] {
    std::vector<Cause> rows;
    for (const std::span<const Cause> part :
         {source_causes(), binlog_causes(), account_causes(), target_causes(), sight_causes()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

}  // namespace plumb::session

#include "checks/mysql/causes.hpp"

#include <vector>

namespace plumb::mysql {

std::span<const Cause> causes() {
  static const std::vector<Cause> all = [] {
    std::vector<Cause> rows;
    for (const std::span<const Cause> part :
         {greeting_causes(), refusal_causes(), account_causes(), connection_causes(),
          header_causes(), gateway_causes(), server_causes()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

}  // namespace plumb::mysql

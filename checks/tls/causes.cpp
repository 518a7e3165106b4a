#include "checks/tls/causes.hpp"

#include <vector>

namespace plumb {

std::span<const Cause> tls_causes() {
  static const std::vector<Cause> rows = [] {
    std::vector<Cause> all;
    for (const auto part :
         {tls::chain_causes(), tls::issuer_causes(), tls::unfit_causes(), tls::certificate_causes(),
          tls::expiry_causes(), tls::handshake_causes(), tls::opening_causes(),
          tls::other_client_causes()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rows;
}

}  // namespace plumb

// The causes that a TLS handshake shows: what the certificates say, what the server refuses.
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause> tls_causes();

namespace tls {
std::span<const Cause> chain_causes();         // the chain leads to no trusted root
std::span<const Cause> issuer_causes();        // the issuer names why: old files, inspection
std::span<const Cause> unfit_causes();         // a certificate may not stand where it stands
std::span<const Cause> certificate_causes();   // names and dates
std::span<const Cause> expiry_causes();        // dates that come near
std::span<const Cause> handshake_causes();     // the handshake ends early
std::span<const Cause> opening_causes();       // who begins, and with which name
std::span<const Cause> other_client_causes();  // good for us, not for every client
}  // namespace tls

}  // namespace plumb

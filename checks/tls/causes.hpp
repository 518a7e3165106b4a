// The causes that a TLS handshake shows: what the certificates say, what the server refuses.
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause> tls_causes();

namespace tls {
std::span<const Cause> chain_causes();        // causes_chain.cpp
std::span<const Cause> certificate_causes();  // causes_certificate.cpp: names and dates
std::span<const Cause> handshake_causes();    // causes_handshake.cpp
}  // namespace tls

}  // namespace plumb

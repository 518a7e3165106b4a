// A certificate as facts. Everything in it was written by a stranger: texts are printable and
// bounded, lists are cut, a field that cannot be read is absent, and nothing here judges
// (probe/wire/certificate_verify.hpp does).
#pragma once

#include <openssl/types.h>

#include <optional>
#include <string>
#include <vector>

#include "probe/model/fact.hpp"
#include "probe/model/observation.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::wire {

constexpr std::size_t kMaxChainRows = 10;
constexpr std::size_t kMaxSans = 100;

std::string subject_of(const X509& certificate);  // RFC 2253 order, "CN=R12,O=Let's Encrypt,C=US"
std::string issuer_of(const X509& certificate);
std::optional<WallTime> not_before_of(const X509& certificate);
std::optional<WallTime> not_after_of(const X509& certificate);
std::string key_of(const X509& certificate);  // "RSA-2048", "EC-P-256", "Ed25519"; "unknown"
std::vector<std::string> sans_of(const X509& certificate);  // "DNS:…", "IP:…", at most kMaxSans

Facts chain_row(X509& certificate);                  // one member of tls.chain
Facts path_row(X509& certificate);                   // one member of tls.path
void describe_leaf(X509& certificate, Facts& into);  // the tls.server.* facts and tls.san
// Both of the above for one DER certificate; nothing if it is none.
std::optional<Facts> describe_certificate(View der);

}  // namespace plumb::wire

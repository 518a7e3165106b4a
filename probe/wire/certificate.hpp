// A certificate as facts. Everything in it was written by a stranger: texts are printable and
// bounded, lists are cut, a field that cannot be read is absent, and nothing here judges
// (probe/wire/certificate_verify.hpp does).
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/fact.hpp"
#include "probe/model/observation.hpp"
#include "probe/wire/bytes.hpp"
#include "probe/wire/certificate_handle.hpp"

namespace plumb::wire {

constexpr std::size_t kMaxChainRows = 10;
constexpr std::size_t kMaxSans = 100;

std::string subject_of(const X509& certificate);  // RFC 2253 order, "CN=R12,O=Let's Encrypt,C=US"
std::string issuer_of(const X509& certificate);
std::optional<WallTime> not_before_of(const X509& certificate);
std::optional<WallTime> not_after_of(const X509& certificate);
std::string key_of(const X509& certificate);  // "RSA-2048", "EC-P-256", "Ed25519"; "unknown"
std::vector<std::string> sans_of(const X509& certificate);  // "DNS:…", "IP:…", at most kMaxSans

using Fingerprint = std::array<std::uint8_t, 32>;  // SHA-256 of the DER
// `sha256`: fetched before, or null. Nothing only where OpenSSL fails.
std::optional<Fingerprint> fingerprint_of(const X509& certificate, const EVP_MD* sha256 = nullptr);

// What rows of facts are made of; depends on nothing but the certificate's bytes.
struct CertificateText {
  std::string subject, issuer, key, sha256;
  std::optional<std::string> not_before, not_after;  // RFC 3339; absent: unreadable
  bool is_ca = false, self_signed = false;
};
CertificateText text_of(X509& certificate, const std::optional<Fingerprint>& fingerprint);
CertificateText text_of(X509& certificate);

Facts chain_row(const CertificateText& text);  // one member of tls.chain
Facts path_row(const CertificateText& text);   // one member of tls.path
// The tls.server.* facts and tls.san.
void describe_leaf(const CertificateText& text, std::vector<std::string> sans, Facts& into);
// The same certificate, decoded in another library context (null: OpenSSL's default one).
X509Handle decode_in(OSSL_LIB_CTX* library, const X509& certificate);
// Both of the above for one DER certificate; nothing if it is none.
std::optional<Facts> describe_certificate(View der);

}  // namespace plumb::wire

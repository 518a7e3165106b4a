// Three independent verdicts on a chain: does it lead to a trusted root, is every certificate of it
// valid now, is the leaf for this name. A client stops at the first; a diagnosis needs all three,
// because "expired" and "wrong name" are mended by different people.
//
// The chain is built at the time given, so that of two possible issuers the valid one is taken as
// any client does, while errors about dates are passed over and judged apart
// (X509_V_FLAG_NO_CHECK_TIME would take the first issuer, be it expired). OpenSSL:
// X509_verify_cert(3), X509_check_host(3).
//
// How long a chain lasts is no date of one certificate: where a cross-signature ends, another one
// that was sent, or a root of the store, may take over. So the path is built again for the moment
// after the end, until nothing is found.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "probe/model/observation.hpp"
#include "probe/model/vocabulary.hpp"
#include "probe/wire/certificate.hpp"
#include "probe/wire/certificate_handle.hpp"
#include "probe/wire/certificate_links.hpp"

namespace plumb::wire {

class Trust;

struct PathEnding {
  WallTime at;
  std::string subject;  // of the certificate that ends then
};

struct CertificateVerdicts {
  long chain_code = 0;  // X509_V_OK or X509_V_ERR_*
  int chain_depth = 0;
  std::string chain_text;
  bool expired = false,
       not_yet_valid = false;        // some certificate of the chain as far as it could be built
  bool name_ok = false;
  X509StackHandle path;              // leaf first; the trusted root last, if chain_ok()
  std::optional<PathEnding> ending;  // of what stands above the leaf, if that is good now

  bool chain_ok() const { return chain_code == 0; }
  bool dates_ok() const { return !expired && !not_yet_valid; }
  // The first that is bad, in the order chain, dates.
  std::optional<Failure> chain_failure() const;
  // … and the name.
  std::optional<Failure> failure() const;
};

// A chain to be judged: all that the verdict depends on.
struct ChainQuestion {
  X509_STORE* store;      // null: nothing is trusted
  OSSL_LIB_CTX* library;  // of the store and the certificates; null: the default one
  STACK_OF(X509) * sent;  // leaf first, as the server sent them; not empty
  int security_level;     // what the handshake ran at, as weak keys and digests count against it
  ProvenLinks* links = nullptr;  // null: every signature is checked
  std::function<std::optional<Fingerprint>(X509&)> fingerprint = {};  // with links
};

// Of a path that ends later than this nothing is asked: what comes after it is no news.
constexpr std::chrono::hours kFarAway{24 * 365 * 10};

// All but the name. The answer depends on `now` only through the order of `now` and the dates of
// the certificates of `sent` and of the store, and of these dates less kFarAway
// (certificate_window.hpp).
CertificateVerdicts verify_chain(const ChainQuestion& question, WallTime now);
bool name_matches(X509* leaf, std::string name);

// Both at once, nothing remembered. `trust` may be null: nothing is trusted.
CertificateVerdicts verify_certificates(const Trust* trust, STACK_OF(X509) * sent,
                                        const std::string& name, WallTime now, int security_level);

}  // namespace plumb::wire

// How the TLS causes read a case. Every address has its own handshake, so a cause collects all
// those that show it; and a verdict counts only as far as the policy asks for it: plumb records
// what a client in mode REQUIRED would never look at.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"
#include "probe/model/cause.hpp"

namespace plumb::tls {

using Seen = std::vector<const Observation*>;

// The observations of phase tls that `shows` holds for, in the order of the run.
Seen handshakes(const Case& about, const std::function<bool(const Observation&)>& shows);

enum class Verification : std::uint8_t { chain, dates, name };
bool demanded(const Case& about, Verification what);  // by the TLS mode of the policy
// Verified and found bad; false where no certificate was seen.
bool is_bad(const Observation& seen, Verification what);
// The server at `endpoint` showed a good certificate for its name, to a client that insists on it.
bool proved_name(const Case& about, const std::string& endpoint);

// A match by the observations `seen`. Severity: `full` where the policy demands `what`, else info;
// a warning at most where another address does what the policy asks.
Verdict found(const Case& about, const Seen& seen, Confidence how_sure, Severity full,
              Bindings bindings);
Verdict found(const Case& about, const Seen& seen, Confidence how_sure, Severity full,
              Verification what, Bindings bindings);

// The alert the server sent, also where it only stands in the error's words (after the handshake);
// 0: none.
int alert_of(const Observation& seen);

// The certificates that were judged, leaf first: tls.path, or what was sent where there is none.
std::vector<Facts> judged_rows(const Observation& seen);

// What follows in a summary after a certificate that is the trusted root itself, or just ".".
std::string end_of_sentence(bool trusted_root);

bool is_system(const Observation& seen);      // trust is the system's store
bool trusts_a_file(const Observation& seen);  // that somebody chose; not what is shipped
// "CN" of "CN=R12,O=Let's Encrypt,C=US"; empty if it has none.
std::string attribute(std::string_view distinguished_name, std::string_view type);

// "the CA file /x/ca.pem", "the system's certificate store"; of the fact tls.trust.
std::string trust_in_words(std::string_view trust);

// {name}, {subject}, {issuer}, {trust}, {tls_mode}, {ca_file} (unbound for the system's store) and
// {addresses_shown}.
Bindings bindings_for(const Case& about, const Seen& seen);

}  // namespace plumb::tls

#include "probe/wire/certificate_verify.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <chrono>

#include "probe/model/address.hpp"
#include "probe/wire/certificate.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::wire {
namespace {

bool about_dates(int code) {
  return code == X509_V_ERR_CERT_HAS_EXPIRED || code == X509_V_ERR_CERT_NOT_YET_VALID;
}

int pass_over_dates(int ok, X509_STORE_CTX* context) {
  return ok == 1 || about_dates(X509_STORE_CTX_get_error(context)) ? 1 : 0;
}

void judge_dates(STACK_OF(X509) * chain, WallTime now, CertificateVerdicts& into) {
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const X509& certificate = *sk_X509_value(chain, i);
    const auto end = not_after_of(certificate);
    const auto begin = not_before_of(certificate);
    if (end && *end < now) into.expired = true;
    if (begin && *begin > now) into.not_yet_valid = true;
  }
}

void judge_chain(X509_STORE_CTX* context, CertificateVerdicts& into) {
  const bool ok = X509_verify_cert(context) == 1;
  const int code = X509_STORE_CTX_get_error(context);
  if (!ok || (code != X509_V_OK && !about_dates(code))) {
    // A failure of OpenSSL itself (no memory) leaves no code: it must not read as trusted.
    into.chain_code = code == X509_V_OK ? X509_V_ERR_UNSPECIFIED : code;
    into.chain_depth = X509_STORE_CTX_get_error_depth(context);
    into.chain_text = X509_verify_cert_error_string(into.chain_code);
  }
}

bool name_matches(X509* leaf, std::string name) {
  if (!name.empty() && name.back() == '.') name.pop_back();
  if (name.empty()) return false;
  if (Address::parse(name)) return X509_check_ip_asc(leaf, name.c_str(), 0) == 1;
  return X509_check_host(leaf, name.data(), name.size(), 0, nullptr) == 1;
}

bool missing_issuer_or_self_signed(long code) {
  return code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         code == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE || code == X509_V_ERR_CERT_UNTRUSTED ||
         code == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
         code == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
}

}  // namespace

std::optional<Failure> CertificateVerdicts::failure() const {
  if (!chain_ok())
    return missing_issuer_or_self_signed(chain_code) ? Failure::certificate_untrusted
                                                     : Failure::certificate_invalid;
  if (expired) return Failure::certificate_expired;
  if (not_yet_valid) return Failure::certificate_not_yet_valid;
  if (!name_ok) return Failure::certificate_name_mismatch;
  return std::nullopt;
}

CertificateVerdicts verify_certificates(const Trust* trust, STACK_OF(X509) * sent,
                                        const std::string& name, WallTime now, int security_level) {
  CertificateVerdicts verdicts;
  X509* leaf = sk_X509_value(sent, 0);
  const X509StoreHandle nobody(trust ? nullptr : X509_STORE_new());
  const X509StoreContextHandle context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), trust ? trust->store() : nobody.get(), leaf, sent);
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(how, std::chrono::system_clock::to_time_t(now));
  X509_VERIFY_PARAM_set_auth_level(how, security_level);
  X509_STORE_CTX_set_verify_cb(context.get(), pass_over_dates);
  judge_chain(context.get(), verdicts);
  if (STACK_OF(X509)* built = X509_STORE_CTX_get0_chain(context.get()))
    judge_dates(built, now, verdicts);
  else
    judge_dates(sent, now, verdicts);
  verdicts.name_ok = name_matches(leaf, name);
  ERR_clear_error();
  return verdicts;
}

}  // namespace plumb::wire

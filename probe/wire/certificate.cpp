#include "probe/wire/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>

#include "probe/model/address.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"
#include "probe/model/rfc3339.hpp"
#include "probe/wire/certificate_handle.hpp"

namespace plumb::wire {
namespace {

std::string name_text(const X509_NAME* name) {
  const BioHandle out(BIO_new(BIO_s_mem()));
  // UTF-8 stays as it is: printable() decides what a screen may see.
  constexpr unsigned long kFlags =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!out || X509_NAME_print_ex(out.get(), name, 0, kFlags) < 0) return {};
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return length > 0 ? printable(std::string_view(text, static_cast<std::size_t>(length)))
                    : std::string();
}

std::optional<std::string> time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return std::string(text.data());
}

std::optional<WallTime> time_value(const ASN1_TIME* time) {
  const auto text = time_text(time);
  return text ? parse_rfc3339(*text) : std::nullopt;
}

std::string curve_name(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) return "unknown";
  const std::string_view name(group.data(), length);
  if (name == "prime256v1") return "P-256";
  if (name == "secp384r1") return "P-384";
  if (name == "secp521r1") return "P-521";
  return printable(name, 64);
}

std::string fingerprint(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &length) != 1) return {};
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

std::optional<std::string> san_text(const GENERAL_NAME& name) {
  if (name.type != GEN_DNS && name.type != GEN_IPADD) return std::nullopt;
  const ASN1_STRING* value = name.type == GEN_DNS ? name.d.dNSName : name.d.iPAddress;
  const View bytes(ASN1_STRING_get0_data(value),
                   static_cast<std::size_t>(ASN1_STRING_length(value)));
  if (name.type == GEN_DNS) return "DNS:" + printable(as_text(bytes));
  if (bytes.size() == 4) {
    std::array<std::uint8_t, 4> v4{};
    std::copy(bytes.begin(), bytes.end(), v4.begin());
    return "IP:" + Address::v4(v4).to_string();
  }
  if (bytes.size() != 16) return std::nullopt;
  std::array<std::uint8_t, 16> v6{};
  std::copy(bytes.begin(), bytes.end(), v6.begin());
  return "IP:" + Address::v6(v6).to_string();
}

void set_date(Facts& facts, const key::Text& key, const ASN1_TIME* time) {
  if (auto text = time_text(time)) facts.set(key, std::move(*text));
}

}  // namespace

std::string subject_of(const X509& certificate) {
  return name_text(X509_get_subject_name(&certificate));
}
std::string issuer_of(const X509& certificate) {
  return name_text(X509_get_issuer_name(&certificate));
}
std::optional<WallTime> not_before_of(const X509& certificate) {
  return time_value(X509_get0_notBefore(&certificate));
}
std::optional<WallTime> not_after_of(const X509& certificate) {
  return time_value(X509_get0_notAfter(&certificate));
}

std::string key_of(const X509& certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(&certificate);
  ERR_clear_error();
  if (!key) return "unknown";
  if (EVP_PKEY_is_a(key, "ED25519")) return "Ed25519";
  if (EVP_PKEY_is_a(key, "ED448")) return "Ed448";
  if (EVP_PKEY_is_a(key, "EC")) return "EC-" + curve_name(key);
  const char* type = EVP_PKEY_get0_type_name(key);
  return (type ? printable(type, 32) : "unknown") + "-" + std::to_string(EVP_PKEY_get_bits(key));
}

std::vector<std::string> sans_of(const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  ERR_clear_error();
  std::vector<std::string> sans;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()) && sans.size() < kMaxSans; ++i)
    if (auto text = san_text(*sk_GENERAL_NAME_value(names.get(), i)))
      sans.push_back(std::move(*text));
  return sans;
}

Facts path_row(X509& certificate) {
  Facts row;
  row.set(key::cert_subject, subject_of(certificate));
  row.set(key::cert_issuer, issuer_of(certificate));
  set_date(row, key::cert_not_before, X509_get0_notBefore(&certificate));
  set_date(row, key::cert_not_after, X509_get0_notAfter(&certificate));
  row.set(key::cert_key, key_of(certificate));
  ERR_clear_error();
  return row;
}

Facts chain_row(X509& certificate) {
  Facts row = path_row(certificate);
  row.set(key::cert_sha256, fingerprint(certificate));
  row.set(key::cert_is_ca, (X509_get_extension_flags(&certificate) & EXFLAG_CA) != 0);
  row.set(key::cert_self_signed, X509_NAME_cmp(X509_get_subject_name(&certificate),
                                               X509_get_issuer_name(&certificate)) == 0);
  ERR_clear_error();
  return row;
}

void describe_leaf(X509& certificate, Facts& into) {
  into.set(key::tls_subject, subject_of(certificate));
  into.set(key::tls_issuer, issuer_of(certificate));
  set_date(into, key::tls_not_before, X509_get0_notBefore(&certificate));
  set_date(into, key::tls_not_after, X509_get0_notAfter(&certificate));
  into.set(key::tls_sha256, fingerprint(certificate));
  into.set(key::tls_san, sans_of(certificate));
}

std::optional<Facts> describe_certificate(View der) {
  const unsigned char* at = der.data();
  const X509Handle certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate) return std::nullopt;
  Facts facts;
  describe_leaf(*certificate, facts);
  facts.set(key::tls_chain, std::vector<Facts>{chain_row(*certificate)});
  return facts;
}

}  // namespace plumb::wire

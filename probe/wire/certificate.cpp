#include "probe/wire/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>

#include "probe/model/address.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"
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

// As parse_rfc3339() of the text would have it, which is how others read these dates.
std::optional<WallTime> time_value(const ASN1_TIME* time) {
  namespace chrono = std::chrono;
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const chrono::year_month_day date{chrono::year(parts.tm_year + 1900),
                                    chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
                                    chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!date.ok()) return std::nullopt;
  const chrono::sys_seconds exact = chrono::sys_days(date) + chrono::hours(parts.tm_hour) +
                                    chrono::minutes(parts.tm_min) + chrono::seconds(parts.tm_sec);
  if (exact > chrono::floor<chrono::seconds>(WallTime::max())) return WallTime::max();
  if (exact < chrono::ceil<chrono::seconds>(WallTime::min())) return WallTime::min();
  return WallTime(exact.time_since_epoch());
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

std::string hex(const Fingerprint& fingerprint) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  text.reserve(2 * fingerprint.size());
  for (const std::uint8_t byte : fingerprint) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
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

void set_date(Facts& facts, const key::Text& key, const std::optional<std::string>& date) {
  if (date) facts.set(key, *date);
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

std::optional<Fingerprint> fingerprint_of(const X509& certificate, const EVP_MD* sha256) {
  Fingerprint fingerprint{};
  unsigned length = 0;
  const EVP_MD* digest = sha256 ? sha256 : EVP_sha256();
  if (X509_digest(&certificate, digest, fingerprint.data(), &length) != 1) return std::nullopt;
  return fingerprint;
}

CertificateText text_of(X509& certificate, const std::optional<Fingerprint>& fingerprint) {
  CertificateText text;
  text.subject = subject_of(certificate);
  text.issuer = issuer_of(certificate);
  text.not_before = time_text(X509_get0_notBefore(&certificate));
  text.not_after = time_text(X509_get0_notAfter(&certificate));
  text.key = key_of(certificate);
  if (fingerprint) text.sha256 = hex(*fingerprint);
  text.is_ca = (X509_get_extension_flags(&certificate) & EXFLAG_CA) != 0;
  text.self_signed =
      X509_NAME_cmp(X509_get_subject_name(&certificate), X509_get_issuer_name(&certificate)) == 0;
  ERR_clear_error();
  return text;
}

CertificateText text_of(X509& certificate) {
  return text_of(certificate, fingerprint_of(certificate));
}

Facts path_row(const CertificateText& text) {
  Facts row;
  row.set(key::cert_subject, text.subject);
  row.set(key::cert_issuer, text.issuer);
  set_date(row, key::cert_not_before, text.not_before);
  set_date(row, key::cert_not_after, text.not_after);
  row.set(key::cert_key, text.key);
  return row;
}

Facts chain_row(const CertificateText& text) {
  Facts row = path_row(text);
  row.set(key::cert_sha256, text.sha256);
  row.set(key::cert_is_ca, text.is_ca);
  row.set(key::cert_self_signed, text.self_signed);
  return row;
}

void describe_leaf(const CertificateText& text, std::vector<std::string> sans, Facts& into) {
  into.set(key::tls_subject, text.subject);
  into.set(key::tls_issuer, text.issuer);
  set_date(into, key::tls_not_before, text.not_before);
  set_date(into, key::tls_not_after, text.not_after);
  into.set(key::tls_sha256, text.sha256);
  into.set(key::tls_san, std::move(sans));
}

X509Handle decode_in(OSSL_LIB_CTX* library, const X509& certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(&certificate, &der);
  if (length <= 0) return nullptr;
  X509* made = X509_new_ex(library, nullptr);
  const unsigned char* at = der;
  if (made && !d2i_X509(&made, &at, length)) made = nullptr;  // freed by d2i
  OPENSSL_free(der);
  ERR_clear_error();
  return X509Handle(made);
}

std::optional<Facts> describe_certificate(View der) {
  const unsigned char* at = der.data();
  const X509Handle certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate) return std::nullopt;
  Facts facts;
  const CertificateText text = text_of(*certificate);
  describe_leaf(text, sans_of(*certificate), facts);
  facts.set(key::tls_chain, std::vector<Facts>{chain_row(text)});
  return facts;
}

}  // namespace plumb::wire

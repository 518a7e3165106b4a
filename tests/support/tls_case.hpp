// A case with TLS observations as a handshake would have left them, for the tests of causes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"
#include "probe/model/cause.hpp"

namespace plumb::test {

struct ChainLink {
  std::string subject, issuer;
  std::string not_before = "2026-10-22T12:00:00Z", not_after = "2027-03-20T12:00:00Z";
};

Case tls_case(TlsMode mode);  // db.example.com:3306, at noon(), no observation yet
// A completed handshake with a good certificate chain and a trust file of "CN=Root,O=Own".
Observation good_tls(const std::string& endpoint = "10.0.0.1:3306");
Observation failed_tls(Failure failure, const std::string& raw = "",
                       const std::string& endpoint = "10.0.0.1:3306");
void set_chain(Observation& seen,
               const std::vector<ChainLink>& links);  // leaf first; also the leaf's facts
void set_path(Observation& seen, const std::vector<ChainLink>& links);  // leaf first; tls.path
// The chain verdict: not trusted, with this code, by a file with these subjects ("system": count
// 140).
void distrust(Observation& seen, int code, int depth, const std::vector<std::string>& trusted,
              const std::string& trust = "/etc/ca.pem");
Verdict judge(const Case& about, std::string_view id);  // by the row of tls_causes()
std::string bound(const Verdict& verdict, std::string_view name);

}  // namespace plumb::test

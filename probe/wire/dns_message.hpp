// DNS messages, the part a diagnosis needs: a question with EDNS, and everything an answer says (rcode
// with its EDNS extension, AA, TC, the CNAME chain to the addresses, TTL, EDE, the SOA of a negative
// answer). c-ares, which carries what goes over TCP, hides rcodes, so the reading is here. RFC 1035, 2308, 6891,
// 8914.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::wire {

enum class DnsType : std::uint16_t { a = 1, cname = 5, soa = 6, aaaa = 28 };

struct DnsMessage {
  std::uint16_t id = 0;
  int rcode = 0;  // 12 bits with EDNS
  bool response = false, authoritative = false, truncated = false, recursion_available = false;
  std::string question_name;  // lower case, no trailing dot, unprintable bytes as \DDD
  std::uint16_t question_type = 0;
  std::vector<std::string> cname_chain;  // followed from the question; a loop ends it
  bool cname_loop = false;
  std::vector<Address>
      addresses;  // at the end of the chain, of the asked type, in the answer's order
  std::optional<std::uint32_t> ttl_s;           // the smallest along chain and addresses
  std::string soa_zone;                         // owner of the SOA in the authority section
  std::optional<std::uint32_t> negative_ttl_s;  // of that SOA: its own or its minimum (RFC 2308 §5)
  std::optional<std::uint16_t> ede_code;
  std::string ede_text;  // as sent: untrusted
  bool operator==(const DnsMessage&) const = default;
};

// Appends a query with recursion desired and, with `edns`, an OPT record (payload size 1232). False,
// with `out` as it was, if `name` is no host name (labels of 1 … 63 bytes, 253 in all).
bool append_dns_query(Bytes& out, std::string_view name, DnsType type, std::uint16_t id,
                      bool edns = true);
std::optional<Bytes> dns_query(std::string_view name, DnsType type, std::uint16_t id,
                               bool edns = true);
// Nothing if the bytes are not one well-formed response message. `asked`: the name that its question
// is likely to have, in lower case, one that dns_query takes; without it the result is the same.
std::optional<DnsMessage> parse_dns_message(View bytes, std::string_view asked = {});
std::string rcode_name(int rcode);  // "NXDOMAIN"; "RCODE17" for one without a name

}  // namespace plumb::wire

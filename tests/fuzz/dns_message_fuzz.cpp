// Any bytes from a resolver: no read beyond them, names printable, chain and addresses bounded by
// the input; and what dns_query wrote comes back as the question of a response made from it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "probe/wire/dns_message.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void require_printable(const std::string& name) {
  for (const char c : name) require(c > 0x20 && c < 0x7f);
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb::wire;
  const View bytes(data, size);
  if (const auto message = parse_dns_message(bytes)) {
    require(message->response && size >= 12);
    require(message->cname_chain.size() * 11 <= size);
    require(message->addresses.size() * 14 <= size);
    require(!message->cname_loop || message->addresses.empty());
    require_printable(message->question_name);
    require_printable(message->soa_zone);
    for (const auto& name : message->cname_chain) require_printable(name);
    require(!rcode_name(message->rcode).empty());
    require(message->ttl_s.value_or(0) <= 0x7fffffff);
    require(message->negative_ttl_s.value_or(0) <= 0x7fffffff);
    require(!message->negative_ttl_s || !message->soa_zone.empty());
    if (dns_query(message->question_name, DnsType::a, 7))
      require(parse_dns_message(bytes, message->question_name) == message);
    require(parse_dns_message(bytes, "db.example") == message);
  }
  const std::string name(as_text(bytes));
  if (auto query = dns_query(name, DnsType::a, 7)) {
    (*query)[2] |= 0x80;
    const auto echoed = parse_dns_message(*query);
    require(echoed && echoed->id == 7 && echoed->question_name == lower(name));
    require(parse_dns_message(*query, lower(name)) == echoed);
  }
  return 0;
}

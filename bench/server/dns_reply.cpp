#include "bench/server/dns_reply.hpp"

#include <algorithm>
#include <array>

#include "bench/addresses.hpp"

namespace plumb::bench {
namespace {

constexpr std::size_t kHeader = 12;

// 0: longer than the message.
std::size_t end_of_question(std::span<const unsigned char> message) {
  std::size_t at = kHeader;
  while (at < message.size() && message[at] != 0) at += message[at] + std::size_t{1};
  at += 1 + 4;
  return at <= message.size() ? at : 0;
}

std::uint32_t target_of(std::span<const unsigned char> message) {
  std::uint32_t target = 0;
  for (std::size_t i = 0; i < kDigits && kHeader + 2 + i < message.size(); ++i)
    target = target * 10 + (message[kHeader + 2 + i] - unsigned{'0'});
  return target;
}

}  // namespace

std::size_t answer_in_place(std::span<unsigned char> buffer, std::size_t question) {
  if (question < kHeader || question + 16 > buffer.size()) return 0;
  const std::size_t end = end_of_question(buffer.first(question));
  if (end == 0) return 0;
  const bool asks_a = buffer[end - 3] == 1;
  std::array<unsigned char, 64> rest{};  // EDNS behind the question
  const std::size_t rest_size = std::min(question - end, rest.size());
  std::copy_n(&buffer[end], rest_size, rest.begin());
  buffer[2] |= 0x84;  // an answer, authoritative
  buffer[3] = 0x80;   // recursion available, NOERROR
  buffer[7] = asks_a ? 1 : 0;
  std::size_t at = end;
  if (asks_a) {
    const std::uint32_t address = address_of(target_of(buffer.first(question)));
    const std::array<unsigned char, 16> record{0xc0,
                                               12,
                                               0,
                                               1,
                                               0,
                                               1,
                                               0,
                                               0,
                                               0,
                                               60,
                                               0,
                                               4,
                                               static_cast<unsigned char>(address >> 24),
                                               static_cast<unsigned char>(address >> 16),
                                               static_cast<unsigned char>(address >> 8),
                                               static_cast<unsigned char>(address)};
    at = static_cast<std::size_t>(std::copy(record.begin(), record.end(), &buffer[at]) -
                                  buffer.data());
  }
  std::copy_n(rest.begin(), rest_size, &buffer[at]);
  return at + rest_size;
}

}  // namespace plumb::bench

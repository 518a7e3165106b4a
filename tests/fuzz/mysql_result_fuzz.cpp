// Whatever a server answers to a query: a result ends after a bounded number of packets, holds rows of
// its own width only, and what is kept of an identity is printable. The input is packets, each with
// its header; the first byte is the width that the rows are read at on their own.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "checks/mysql/identity.hpp"
#include "checks/mysql/inbox.hpp"
#include "checks/mysql/text_result.hpp"
#include "probe/model/printable.hpp"

namespace {

using plumb::mysql::TextResult;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_printable(const plumb::Facts& facts) {
  for (const auto& [name, value] : facts)
    if (const auto* text = std::get_if<std::string>(&value))
      require(plumb::printable(*text, 65536) == *text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t width = data[0] % (TextResult::kMostColumns + 1);
  plumb::mysql::Inbox inbox;
  inbox.append(plumb::wire::View(data + 1, size - 1));
  TextResult result;
  plumb::mysql::IdentityQuestion question;
  TextResult::Step step = TextResult::Step::listen;
  std::size_t packets = 0;
  while (step == TextResult::Step::listen) {
    const auto packet = inbox.take();
    if (!packet) break;
    ++packets;
    if (const auto row = plumb::mysql::parse_text_row(packet->payload, width))
      require(row->size() == width);
    step = result.on_packet(packet->payload);
    require(question.on_packet(packet->payload) == step);
  }
  require(packets <= TextResult::kMostRows + TextResult::kMostColumns + 3);
  require(result.rows().size() <= TextResult::kMostRows);
  for (const auto& row : result.rows())
    require(!row.empty() && row.size() <= TextResult::kMostColumns &&
            row.size() == result.rows().front().size());
  require((step == TextResult::Step::malformed) ==
          (question.failure() == plumb::Failure::malformed_packet));
  require_printable(question.facts());
  return 0;
}

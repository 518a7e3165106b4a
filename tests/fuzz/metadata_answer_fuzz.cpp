// Any bytes as answers of a metadata service. An answer that is whole or malformed stays what it is
// when more bytes come; one cloud's whole conversation over the input ends, asks only well-formed
// questions, and leaves printable, bounded facts.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "probe/wire/http_answer.hpp"
#include "probe/wire/metadata_answer.hpp"

namespace {

using namespace plumb;
using State = wire::HttpReading::State;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_stable(wire::View bytes, std::size_t cut) {
  const wire::HttpReading early = wire::parse_http_answer(bytes.first(cut), false);
  const wire::HttpReading late = wire::parse_http_answer(bytes, false);
  if (early.state == State::incomplete) return;
  require(early.state == late.state && early.answer == late.answer);
  const wire::HttpReading ended = wire::parse_http_answer(bytes, true);
  require(ended.state == late.state && ended.answer == late.answer);
}

void require_tame(const std::string& text) {
  require(text.size() <= 256);
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void require_tame(const Facts& facts) {
  for (const auto& [name, value] : facts) {
    if (const auto* text = std::get_if<std::string>(&value)) require_tame(*text);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
      for (const std::string& text : *texts) require_tame(text);
  }
}

// One request: its end is where it stops, and no answer has slipped a line into it.
void require_well_formed(const std::string& request) {
  require(request.find("\r\n\r\n") == request.size() - 4);
  require(std::count(request.begin(), request.end(), '\n') <= 8);
  for (const char c : request) require(c == '\r' || c == '\n' || (c >= ' ' && c < 0x7f));
}

// The input is what the service says: an answer to each question in turn, told apart by a NUL.
void converse(wire::Cloud cloud, wire::View bytes) {
  wire::MetadataTalk talk(cloud);
  for (int asked = 0; const auto request = talk.request(); ++asked) {
    require(asked < 20);
    require_well_formed(*request);
    const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
    const auto size = static_cast<std::size_t>(end - bytes.begin());
    wire::HttpReading reading = wire::parse_http_answer(bytes.first(size), true);
    bytes = bytes.subspan(std::min(size + 1, bytes.size()));
    std::optional<wire::HttpAnswer> answer;
    if (reading.state == State::whole) answer = std::move(reading.answer);
    talk.take(answer, WallTime());
  }
  require(talk.recognised() != talk.facts().empty());
  require_tame(talk.facts());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const wire::View bytes(data, size);
  if (size == 0) return 0;
  require_stable(bytes, data[size - 1] * size / 256);
  for (const wire::Cloud cloud : wire::kClouds) converse(cloud, bytes);
  const auto date =
      wire::parse_http_date(wire::as_text(bytes.first(std::min<std::size_t>(size, 29))));
  require(!date || *date >= WallTime());
  return 0;
}

// Whatever a server answers in a session: the talk ends, its facts are printable and bounded, and the
// rights it keeps read back as they were written. The input is lines; each line is a row, split at
// tabs, and an empty line ends a result. A line that begins with ! is an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "checks/session/facts.hpp"
#include "checks/session/grants.hpp"
#include "checks/session/talk.hpp"
#include "checks/session/version.hpp"
#include "probe/model/printable.hpp"

namespace {

using plumb::wire::SessionResult;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view cut(std::string_view& text, char at) {
  const auto end = text.find(at);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

SessionResult result_from(std::string_view& text) {
  SessionResult result;
  for (std::string_view line = cut(text, '\n'); !line.empty(); line = cut(text, '\n')) {
    if (line.front() == '!') {
      result.error = plumb::wire::SessionError{static_cast<unsigned>(line.size() % 4096), "HY000",
                                               std::string(line)};
      continue;
    }
    auto& row = result.rows.emplace_back();
    while (!line.empty()) row.emplace_back(cut(line, '\t'));
  }
  return result;
}

void hold(plumb::Purpose purpose, std::string_view text) {
  plumb::session::Talk talk(purpose);
  int asked = 0;
  SessionResult result;
  for (auto statement = talk.next(nullptr); statement; statement = talk.next(&result)) {
    require(++asked <= 12);
    result = result_from(text);
  }
  const plumb::Observation seen = talk.observation();
  for (const auto& [name, value] : seen.facts)
    if (const auto* one = std::get_if<std::string>(&value))
      require(plumb::printable(*one, 65536) == *one);
  if (const auto* grants = seen.facts.get(plumb::session::key::grants))
    require(grants->size() <= 200);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb::session;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto grant = parse_grant(text)) {
    require(parse_grant(to_string(*grant)) == grant);
    require(!grant->privileges.empty());
    const Rights rights({to_string(*grant)});
    if (rights.globally("DROP")) require(rights.on("", "DROP"));
    stands_for(grant->database, text);
  }
  if (const auto version = parse_version(text))
    require(parse_version(to_string(*version)) == version);
  for (const plumb::Purpose purpose :
       {plumb::Purpose::connect, plumb::Purpose::dms_source, plumb::Purpose::dms_target,
        plumb::Purpose::replication_source})
    hold(purpose, text);
  return 0;
}

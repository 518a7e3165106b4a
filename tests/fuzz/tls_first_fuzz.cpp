// TLS before any greeting, then a server that says anything inside it. It comes to Finish, however
// the bytes are cut, and a handshake that failed is the whole of it.
//
// Input: TLS verdicts | lengths of the turns, up to four, ended by 0 | the bytes of the turns.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "checks/mysql/handshake.hpp"
#include "probe/wire/tls_first.hpp"
#include "tests/support/exchange_script.cpp"
#include "tests/support/mysql_frames.cpp"

namespace {

using namespace plumb;

void require(bool holds) {
  if (!holds) std::abort();
}

test::Script script_of(wire::View input) {
  wire::Reader in(input);
  test::Script script;
  script.tls.emplace();
  script.tls->completed = in.u8() & 1;
  if (!script.tls->completed) script.tls->failure = Failure::tls_alert;
  std::vector<std::size_t> lengths;
  for (std::uint8_t length = in.u8(); length > 0 && lengths.size() < 4; length = in.u8())
    lengths.push_back(length);
  for (const std::size_t length : lengths) {
    const wire::View bytes = in.take(std::min(length, in.left()));
    if (bytes.empty()) break;
    script.turns.push_back(bytes.front() == 'G'
                               ? test::GreetingFrame().caps(test::kPlainCaps).bytes()
                               : wire::Bytes(bytes.begin(), bytes.end()));
  }
  return script;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const test::Script script = script_of(wire::View(data, size));
  Conversation conversation;
  conversation.tls = TlsMode::off;
  conversation.login.user = conversation.anonymous.user = "nobody";
  const test::Maker make = [&] {
    return std::make_unique<wire::TlsFirst>(std::make_unique<mysql::Handshake>(conversation));
  };
  const test::Heard whole = test::play(make, script);
  require(whole.finished && whole.actions.size() < 80);
  require(whole.observations.front().phase == Phase::tls);
  if (!script.tls->completed) require(whole.observations.size() == 1);
  const auto exchange = make();
  const test::Heard cut = test::play(*exchange, script, [](std::size_t) { return 1; });
  require(test::difference(whole, cut).empty());
  return 0;
}

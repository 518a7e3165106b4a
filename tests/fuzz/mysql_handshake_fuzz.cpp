// A whole conversation with a server that says anything. Whatever it says:
//   - the exchange comes to Finish, after a bounded number of answers;
//   - how the bytes are cut changes neither what it does nor what it saw;
//   - nothing of the account leaves over a channel below the policy, the password itself never
//   outside TLS;
//   - an answered login is finished, and what is dropped is said to be.
//
// Input: policy | TLS verdicts | lengths of the turns, up to eight, ended by 0 | the bytes of the
// turns. A turn that begins with 'G' stands for a good greeting; so the fuzzer need not find one
// first.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "checks/mysql/facts.hpp"
#include "checks/mysql/handshake.hpp"
#include "tests/support/exchange_script.cpp"
#include "tests/support/mysql_frames.cpp"

namespace {

using namespace plumb;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view kAccount = "theaccount";
constexpr std::string_view kPassword = "correct horse battery";

bool holds(const wire::Bytes& bytes, std::string_view text) {
  return wire::as_text(bytes).find(text) != std::string_view::npos;
}

struct Round {
  Conversation conversation;
  test::Script script;
};

wire::TlsReport tls_of(std::uint8_t bits) {
  wire::TlsReport report;
  report.completed = bits & 1;
  report.chain_ok = bits & 2;
  report.name_ok = bits & 4;
  report.dates_ok = bits & 8;
  if (!report.completed) report.failure = Failure::tls_alert;
  return report;
}

Round round_of(wire::View input) {
  wire::Reader in(input);
  Round round;
  const std::uint8_t policy = in.u8();
  round.conversation.tls = static_cast<TlsMode>(policy % 5);
  round.conversation.without_tls = (policy & 0x80) != 0;
  round.conversation.identify = (policy & 0x20) != 0;
  round.conversation.anonymous.user = "nobody";
  if (policy & 0x40)
    round.conversation.login = {std::string(kAccount), Secret(std::string(kPassword)), true, "db"};
  round.script.tls = tls_of(in.u8());
  std::vector<std::size_t> lengths;
  while (lengths.size() < 8)
    if (const std::uint8_t length = in.u8(); length > 0)
      lengths.push_back(length);
    else
      break;
  for (const std::size_t length : lengths) {
    const wire::View bytes = in.take(std::min(length, in.left()));
    if (bytes.empty()) break;
    const bool good = bytes.front() == 'G';
    const std::uint32_t caps =
        bytes.size() > 1 && bytes[1] == 'S' ? test::kTlsCaps : test::kPlainCaps;
    round.script.turns.push_back(good ? test::GreetingFrame().caps(caps).bytes()
                                      : wire::Bytes(bytes.begin(), bytes.end()));
  }
  return round;
}

bool policy_met(const Round& round, bool tls) {
  const wire::TlsReport& report = *round.script.tls;
  const TlsMode mode = round.conversation.tls;
  if (round.conversation.without_tls) return false;
  if (mode <= TlsMode::preferred) return true;
  if (!tls || !report.completed) return false;
  if (mode == TlsMode::required) return true;
  return report.chain_ok && report.dates_ok && (mode == TlsMode::verify_ca || report.name_ok);
}

void require_harmless(const Round& round, const test::Heard& heard) {
  const auto sent = heard.sent();
  const bool tls = heard.sent_before_tls < sent.size();
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (holds(sent[i], kPassword)) require(i >= heard.sent_before_tls && policy_met(round, tls));
    if (holds(sent[i], kAccount)) {
      require(policy_met(round, tls));
      require(!test::read_client_login(sent[i]).proof.empty());
    }
  }
  require(heard.answer.has_value() == (heard.ending == wire::Ending::finished));
  const bool said = !heard.observations.empty() &&
                    heard.observations.back().facts.has(mysql::key::dropped_before_login);
  require(said == (heard.ending == wire::Ending::dropped));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Round round = round_of(wire::View(data, size));
  const test::Maker make = [&] { return std::make_unique<mysql::Handshake>(round.conversation); };
  const test::Heard whole = test::play(make, round.script);
  require(whole.finished && !whole.observations.empty() && whole.actions.size() < 80);
  require_harmless(round, whole);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, 1 + size % 17}) {
    const auto exchange = make();
    const test::Heard cut =
        test::play(*exchange, round.script, [piece](std::size_t) { return piece; });
    require(test::difference(whole, cut).empty());
  }
  return 0;
}

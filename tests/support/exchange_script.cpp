#include "tests/support/exchange_script.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace plumb::test {
namespace {

using wire::Action;
using wire::Event;

constexpr std::size_t kEventLimit = 1'000'000;  // an exchange that never finishes fails, not hangs

class Peer {
 public:
  Peer(const Script& script, const Cut& cut) : script_(script), cut_(cut) {}

  Event answer(const Action& action) {
    if (std::holds_alternative<wire::Send>(action)) return wire::Sent{};
    if (std::holds_alternative<wire::CloseWrite>(action)) return wire::WriteClosed{};
    if (std::holds_alternative<wire::StartTls>(action)) return end_tls();
    return speak();
  }
  Micros now() const { return std::chrono::milliseconds(turn_); }

 private:
  Event end_tls() {
    // Plain bytes behind the greeting end with it: what follows is said inside TLS.
    if (at_ > 0) ++turn_, at_ = 0;
    if (!script_.tls) return script_.end;
    return wire::TlsEnded{*script_.tls};
  }
  Event speak() {
    while (turn_ < script_.turns.size() && at_ == script_.turns[turn_].size()) ++turn_, at_ = 0;
    if (turn_ == script_.turns.size()) return script_.end;
    const wire::View rest = wire::View(script_.turns[turn_]).subspan(at_);
    const std::size_t most = cut_ ? std::max<std::size_t>(1, cut_(total_)) : kUncut;
    const wire::View piece = rest.first(std::min(rest.size(), most));
    at_ += piece.size();
    total_ += piece.size();
    return wire::Received{piece};
  }

  const Script& script_;
  const Cut& cut_;
  std::size_t turn_ = 0, at_ = 0, total_ = 0;
};

bool same(const Action& a, const Action& b) {
  if (a.index() != b.index()) return false;
  const auto* send = std::get_if<wire::Send>(&a);
  return send == nullptr || send->bytes == std::get<wire::Send>(b).bytes;
}

bool same(const Observation& a, const Observation& b) {
  return a.phase == b.phase && a.took == b.took && a.failure == b.failure && a.raw == b.raw &&
         a.facts == b.facts;
}

bool same(const std::optional<wire::LoginAnswer>& a, const std::optional<wire::LoginAnswer>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->verdict == b->verdict && a->account == b->account && a->took == b->took;
}

template <class T>
bool all_same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return same(x, y); });
}

std::size_t length_of(const Script& script) {
  std::size_t length = 0;
  for (const wire::Bytes& turn : script.turns) length += turn.size();
  return length;
}

}  // namespace

std::vector<wire::Bytes> Heard::sent() const {
  std::vector<wire::Bytes> all;
  for (const Action& action : actions)
    if (const auto* send = std::get_if<wire::Send>(&action)) all.push_back(send->bytes);
  return all;
}

const Observation* Heard::find(Phase phase) const {
  for (const Observation& seen : observations)
    if (seen.phase == phase) return &seen;
  return nullptr;
}

Heard play(wire::Exchange& exchange, const Script& script, const Cut& cut,
           std::optional<std::size_t> break_at, Failure how) {
  Peer peer(script, cut);
  Heard heard;
  Event event = wire::Started{};
  bool tls = false;
  while (!heard.finished && heard.events < kEventLimit) {
    if (heard.events == break_at) event = wire::Broken{how, "broken", {}};
    Action action = exchange.next(event, peer.now());
    ++heard.events;
    heard.finished = std::holds_alternative<wire::Finish>(action);
    tls = tls || std::holds_alternative<wire::StartTls>(action);
    if (!tls && std::holds_alternative<wire::Send>(action)) ++heard.sent_before_tls;
    if (!heard.finished) event = peer.answer(action);
    if (!std::holds_alternative<wire::Receive>(action)) heard.actions.push_back(std::move(action));
  }
  heard.observations = exchange.observations();
  heard.ending = exchange.ending();
  heard.answer = exchange.login_answer();
  return heard;
}

Heard play(const Maker& make, const Script& script) { return play(*make(), script); }

std::string difference(const Heard& a, const Heard& b) {
  if (a.finished != b.finished) return "one of them does not finish";
  if (a.ending != b.ending) return "the endings differ";
  if (!all_same(a.actions, b.actions)) return "the actions differ";
  if (!all_same(a.observations, b.observations)) return "the observations differ";
  if (!same(a.answer, b.answer)) return "the login's answers differ";
  return {};
}

std::string cut_anywhere(const Maker& make, const Script& script) {
  const Heard whole = play(make, script);
  std::vector<Cut> cuts{[](std::size_t) { return 1; }, [](std::size_t) { return 7; }};
  for (std::size_t place = 1; place < length_of(script); ++place)
    cuts.push_back([place](std::size_t at) { return at < place ? place - at : kUncut; });
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const std::string what = difference(whole, play(*make(), script, cuts[i]));
    if (!what.empty()) return what + " (cut " + std::to_string(i) + ")";
  }
  return {};
}

std::vector<Heard> breaks_at_every_step(const Maker& make, const Script& script, Failure how) {
  std::vector<Heard> all;
  const std::size_t events = play(make, script).events;
  for (std::size_t at = 0; at < events; ++at) all.push_back(play(*make(), script, {}, at, how));
  return all;
}

}  // namespace plumb::test

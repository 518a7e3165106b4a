#include "probe/wire/tls_first.hpp"

#include <utility>

namespace plumb::wire {

Action TlsFirst::take(TlsReport report, Micros at) {
  handshake_.phase = Phase::tls;
  handshake_.took = at;
  handshake_.failure = report.failure;
  handshake_.raw = std::move(report.raw);
  handshake_.facts = std::move(report.facts);
  if (!report.completed) return Finish{};
  inside_ = true;
  return inner_->next(Started{}, at);
}

Action TlsFirst::next(const Event& event, Micros at) {
  if (inside_) return inner_->next(event, at);
  if (std::holds_alternative<Started>(event)) return StartTls{};
  if (const auto* ended = std::get_if<TlsEnded>(&event)) return take(ended->report, at);
  TlsReport report;
  if (const auto* broken = std::get_if<Broken>(&event)) {
    report.failure = broken->failure;
    report.raw = broken->raw;
    report.facts = broken->facts;
  }
  return take(std::move(report), at);
}

std::vector<Observation> TlsFirst::observations() const {
  std::vector<Observation> all{handshake_};
  if (!inside_) return all;
  std::vector<Observation> steps = inner_->observations();
  for (Observation& step : steps) all.push_back(std::move(step));
  return all;
}

// A server that waits for a greeting's answer has been sent a ClientHello: that breaks its
// handshake, whoever closes first.
Ending TlsFirst::ending() const { return inside_ ? inner_->ending() : Ending::dropped; }

}  // namespace plumb::wire

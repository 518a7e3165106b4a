// A server that sends anything at all: the handshake ends or wants more, never both and never
// without a reason, and what it reports is bounded. The first byte cuts the rest into two pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "probe/model/keys.hpp"
#include "probe/wire/certificate.hpp"
#include "probe/wire/tls_engine.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

using plumb::wire::TlsStep;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto context = plumb::wire::TlsContext::make({}).context;
  if (size == 0) return 0;
  const plumb::wire::View bytes(data + 1, size - 1);
  const std::size_t cut = bytes.size() * data[0] / 256;
  plumb::wire::TlsEngine engine(context, "db.example.com",
                                plumb::WallTime(std::chrono::hours(500'000)));
  require(engine.handshake() == TlsStep::want_more);
  require(!engine.drain().empty());
  TlsStep step = TlsStep::want_more;
  for (const auto piece : {bytes.first(cut), bytes.subspan(cut)}) {
    engine.feed(piece);
    step = engine.handshake();
  }
  const auto report = engine.report();
  require(step != TlsStep::done && !report.completed);
  require((step == TlsStep::failed) == report.failure.has_value());
  require(report.failure.has_value() != report.raw.empty());
  require(report.raw.size() < 1000);
  require(report.facts.get_or(plumb::key::tls_chain, {}).size() <= plumb::wire::kMaxChainRows);
  require(engine.broken(plumb::Failure::eof, "closed").failure.has_value());
  engine.encrypt(bytes);
  engine.decrypt();
  engine.close_notify();
  return 0;
}

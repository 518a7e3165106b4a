// Whatever a server sends: texts of errors come out printable and bounded, nonces never longer than
// 20 bytes of a greeting, and a frame of ours reads back as the packet it was made of.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "checks/mysql/banner.hpp"
#include "checks/mysql/fingerprint.hpp"
#include "checks/mysql/inbox.hpp"
#include "checks/mysql/packet.hpp"
#include "probe/model/printable.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb;
  const wire::View bytes(data, size);
  if (const auto greeting = mysql::parse_greeting(bytes)) {
    require(greeting->nonce.size() <= mysql::kNonceSize);
    require(!mysql::flavor_of(*greeting).empty());
  }
  if (const auto error = mysql::parse_error(bytes)) {
    require(error->sqlstate.empty() || error->sqlstate.size() == 5);
    require(error->text.size() <= 512 + 3);
    require(printable(error->text, 4096) == error->text);
  }
  if (const auto wanted = mysql::parse_auth_switch(bytes))
    require(wanted->plugin.size() <= size + 32);
  if (mysql::judge_opening(bytes) == mysql::Opening::foreign)
    require(mysql::banner_text(bytes).size() <= 128 + 3 && !mysql::name_protocol(bytes).empty());
  if (size > mysql::kMaxPayload - mysql::kHeaderSize) return 0;
  mysql::Inbox inbox;
  inbox.append(mysql::frame(7, bytes));
  const auto packet = inbox.take();
  require(packet && packet->sequence == 7 &&
          packet->payload == wire::Bytes(bytes.begin(), bytes.end()));
  return 0;
}

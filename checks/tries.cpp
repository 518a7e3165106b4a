#include "checks/tries.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "checks/mysql/facts.hpp"
#include "probe/model/experiment.hpp"

namespace plumb {
namespace {

using experiment::Path;

// Bad handshake, packets out of order, errors and time-outs of reading and writing packets.
constexpr std::array<std::int64_t, 6> kAboutPackets{1043, 1156, 1158, 1159, 1160, 1161};

bool complains_of_packets(const Observation& seen) {
  if (names_proxy_header(seen)) return true;
  const auto code = seen.facts.get_or(mysql::key::error_code, std::int64_t{0});
  return std::ranges::find(kAboutPackets, code) != kAboutPackets.end();
}

bool about_certificate(Failure failure) {
  return failure == Failure::certificate_untrusted || failure == Failure::certificate_invalid ||
         failure == Failure::certificate_expired || failure == Failure::certificate_not_yet_valid ||
         failure == Failure::certificate_name_mismatch;
}

bool is_reply(const Observation& last) {
  return last.phase == Phase::login && (!last.failure || last.failure == Failure::mysql_error) &&
         !complains_of_packets(last);
}

bool is_break(const Observation& last) {
  if (last.phase != Phase::tls && last.phase != Phase::login) return false;
  return last.failure && !about_certificate(*last.failure) && !is_reply(last);
}

bool tls_completed(const Path& path) {
  if (path.last->phase != Phase::tls) return path.last->phase != Phase::connect;
  return !path.last->failure || about_certificate(*path.last->failure);
}

bool greeted_inside(const Path& path) {
  if (path.last->phase == Phase::login) return true;
  return path.last->phase == Phase::greeting &&
         (!path.last->failure || path.last->failure == Failure::mysql_error);
}

}  // namespace

bool names_proxy_header(const Observation& seen) {
  const std::string text = seen.facts.get_or(mysql::key::error_text, std::string());
  return text.find("roxy header") != std::string::npos;
}

Tries tries_of(const Case& about, std::string_view experiment, const std::string& endpoint) {
  Tries tries;
  for (const Path& path : experiment::paths(about, experiment)) {
    if (path.connect->endpoint != endpoint || !path.connected()) continue;
    ++tries.connected;
    tries.greeted += path.greeted() ? 1 : 0;
    tries.replied += is_reply(*path.last) ? 1 : 0;
    tries.broke += is_break(*path.last) ? 1 : 0;
    tries.named_header += names_proxy_header(*path.last) ? 1 : 0;
    tries.proof.push_back(path.last_n);
  }
  return tries;
}

TlsFirstTry tls_first_at(const Case& about, const std::string& endpoint) {
  TlsFirstTry result;
  for (const Path& path : experiment::paths(about, experiment::kTlsFirst)) {
    if (path.connect->endpoint != endpoint || !path.connected()) continue;
    TlsFirst came_to = TlsFirst::unanswered;
    if (tls_completed(path)) came_to = TlsFirst::answered;
    if (tls_completed(path) && greeted_inside(path)) came_to = TlsFirst::greeted_inside;
    result.came_to = std::max(result.came_to, came_to);
    result.proof.push_back(path.last_n);
  }
  return result;
}

}  // namespace plumb

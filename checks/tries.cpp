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

bool is_after_greeting(const Observation& last) {
  return last.phase == Phase::tls || last.phase == Phase::login;
}

// Silence until our time was up is none: what the server would have done is not known.
bool is_break(const Observation& last) {
  return is_after_greeting(last) && last.failure && last.failure != Failure::timed_out &&
         !about_certificate(*last.failure) && !is_reply(last);
}

bool is_silence(const Observation& last) {
  return is_after_greeting(last) && last.failure == Failure::timed_out;
}

// The runs there that connected, without those that ended by trouble of our own.
std::vector<Path> runs(const Case& about, std::string_view experiment,
                       const std::string& endpoint) {
  std::vector<Path> all = experiment::paths(about, experiment);
  std::erase_if(all, [&](const Path& path) {
    return path.connect->endpoint != endpoint || !path.connected() ||
           (path.last->failure && is_ours(*path.last->failure));
  });
  return all;
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

TlsFirst came_to(const Path& path) {
  if (tls_completed(path))
    return greeted_inside(path) ? TlsFirst::greeted_inside : TlsFirst::answered;
  if (path.last->phase != Phase::tls) return TlsFirst::untried;
  return path.last->failure == Failure::timed_out ? TlsFirst::unanswered : TlsFirst::refused;
}

}  // namespace

bool is_ours(Failure failure) {
  return failure == Failure::cancelled || failure == Failure::local_limit ||
         failure == Failure::address_unavailable || failure == Failure::permission_denied;
}

bool names_proxy_header(const Observation& seen) {
  const std::string text = seen.facts.get_or(mysql::key::error_text, std::string());
  return text.find("roxy header") != std::string::npos;
}

Tries tries_of(const Case& about, std::string_view experiment, const std::string& endpoint) {
  Tries tries;
  for (const Path& path : runs(about, experiment, endpoint)) {
    ++tries.connected;
    tries.greeted += path.greeted() ? 1 : 0;
    tries.replied += is_reply(*path.last) ? 1 : 0;
    tries.broke += is_break(*path.last) ? 1 : 0;
    tries.silent += is_silence(*path.last) ? 1 : 0;
    tries.named_header += names_proxy_header(*path.last) ? 1 : 0;
    tries.proof.push_back(path.last_n);
  }
  return tries;
}

TlsFirstTry tls_first_at(const Case& about, const std::string& endpoint) {
  TlsFirstTry result;
  for (const Path& path : runs(about, experiment::kTlsFirst, endpoint)) {
    const TlsFirst end = came_to(path);
    if (end == TlsFirst::untried) continue;
    result.came_to = std::max(result.came_to, end);
    result.proof.push_back(path.last_n);
  }
  return result;
}

}  // namespace plumb

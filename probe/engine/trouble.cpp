#include "probe/engine/trouble.hpp"

#include <algorithm>

#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

Trouble of_connect(const Observation& connect) {
  const bool icmp = connect.facts.has(key::tcp_icmp_type);
  switch (*connect.failure) {
    case Failure::timed_out:
      return Trouble::silent;
    case Failure::refused:
      return icmp ? Trouble::barred : Trouble::refused;
    case Failure::reset:
      return Trouble::cut_off;
    case Failure::host_unreachable:
    case Failure::net_unreachable:
    case Failure::admin_prohibited:
      return icmp ? Trouble::barred : Trouble::none;
    default:
      return Trouble::none;
  }
}

bool is_cut(Failure failure) {
  return failure == Failure::eof || failure == Failure::reset || failure == Failure::tls_eof;
}

Trouble of_greeting(Failure failure) {
  if (failure == Failure::timed_out) return Trouble::mute;
  if (failure == Failure::not_mysql || failure == Failure::malformed_packet)
    return Trouble::stranger;
  return is_cut(failure) ? Trouble::cut_off : Trouble::none;
}

Trouble of_tls(Failure failure) {
  if (failure == Failure::timed_out) return Trouble::stalled;
  const bool broke =
      is_cut(failure) || failure == Failure::tls_alert || failure == Failure::tls_protocol;
  return broke ? Trouble::tls_broke : Trouble::none;
}

Trouble of_login(const Observation& login, bool encrypted) {
  if (is_cut(*login.failure)) return Trouble::cut_off;
  return login.failure == Failure::mysql_error && !encrypted ? Trouble::plain_refused
                                                             : Trouble::none;
}

// A login that is late is a server that is slow, or one that punishes failed logins with delays:
// nothing that another connection could tell.
Trouble of_stuck(Phase phase) {
  if (phase == Phase::greeting) return Trouble::mute;
  return phase == Phase::tls ? Trouble::stalled : Trouble::none;
}

}  // namespace

Trouble trouble_of(const Progress& progress) {
  if (!progress.connect) return progress.stuck ? Trouble::silent : Trouble::none;
  if (progress.connect->failure) return of_connect(*progress.connect);
  if (progress.password_refused) return Trouble::none;
  if (progress.stuck) return of_stuck(progress.phase);
  if (progress.steps.empty()) return Trouble::none;
  const Observation& last = progress.steps.back();
  const bool encrypted = std::ranges::any_of(
      progress.steps, [](const Observation& step) { return step.phase == Phase::tls; });
  if (last.failure && last.phase == Phase::greeting) return of_greeting(*last.failure);
  if (last.failure && last.phase == Phase::login) return of_login(last, encrypted);
  return last.failure && last.phase == Phase::tls ? of_tls(*last.failure) : Trouble::none;
}

}  // namespace plumb::engine

#include "probe/wire/certificate_window.hpp"

#include <algorithm>

#include "probe/wire/certificate.hpp"
#include "probe/wire/certificate_verify.hpp"

namespace plumb::wire {

void DateCuts::add(const X509& certificate) {
  const auto begin = not_before_of(certificate);
  const auto end = not_after_of(certificate);
  if (!begin || !end) {
    readable_ = false;
    return;
  }
  cuts_.push_back(*begin);
  cuts_.push_back(*end);
  if (*end > WallTime::min() + kFarAway) cuts_.push_back(*end - kFarAway);
}

void DateCuts::sort() { std::sort(cuts_.begin(), cuts_.end()); }

std::optional<Window> DateCuts::around(WallTime now, const DateCuts& more) const {
  if (!readable_ || !more.readable_) return std::nullopt;
  const auto next = std::lower_bound(cuts_.begin(), cuts_.end(), now);
  Window window{next == cuts_.begin() ? WallTime::min() : *std::prev(next),
                next == cuts_.end() ? WallTime::max() : *next};
  for (const WallTime cut : more.cuts_) {
    if (cut <= now) window.after = std::max(window.after, cut);
    if (cut >= now) window.before = std::min(window.before, cut);
  }
  if (!window.holds(now)) return std::nullopt;
  return window;
}

}  // namespace plumb::wire

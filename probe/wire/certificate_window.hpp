// How long a verdict on a chain holds: until the order of the clock and of the dates it depends on
// changes.
//
// A verdict asks of a moment only which certificates are valid at it; these may be any of those that
// were sent and of the CA set (another root may be taken once one has ended, or has begun), and a
// path's ending is followed only if it is nearer than kFarAway. So all these dates, and the ends
// less kFarAway, cut time into pieces, and within one piece the verdict cannot change: neither
// `good` outlives a notAfter nor `not yet valid` a notBefore. A bucket of time, or the leaf's dates
// alone, would. The cut itself belongs to no piece (OpenSSL takes a notAfter for the first second
// after the end, RFC 5280 for the last of the life), nor does anything where one date is unreadable.
#pragma once

#include <openssl/types.h>

#include <optional>
#include <vector>

#include "probe/model/observation.hpp"

namespace plumb::wire {

struct Window {  // without its ends
  WallTime after, before;
  bool holds(WallTime now) const { return after < now && now < before; }
};

class DateCuts {
 public:
  void add(const X509& certificate);
  void sort();  // before around()

  // The piece of time that `now` is in, cut by these and `more` (any order); nothing if `now` is on
  // a cut or a date cannot be read.
  std::optional<Window> around(WallTime now, const DateCuts& more) const;

 private:
  std::vector<WallTime> cuts_;
  bool readable_ = true;
};

}  // namespace plumb::wire

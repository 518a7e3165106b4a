// Where am I: the metadata services of all clouds are asked at once, each over connections of its
// own, and the first that answers as itself is believed; what the others still say is cut off.
//
// A fifth of a second for everything. Outside a cloud nobody answers at these addresses, and in a
// container the hop limit of the service's answers (IMDSv2: 1) has the same effect: that is silence,
// no failure. What was learnt when the time is up is kept. After an interrupt nothing is claimed.
#pragma once

#include <chrono>
#include <optional>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/net/asio.hpp"
#include "probe/net/deadline.hpp"

namespace plumb::net {

struct MetadataPlaces {
  Endpoint link_local{Address::v4({169, 254, 169, 254}), 80};  // AWS, Azure, Google
  Endpoint alibaba{Address::v4({100, 100, 100, 200}), 80};
  Micros whole = std::chrono::milliseconds(200);  // for everything
};

// Without places: switched off, and nobody is asked.
awaitable<Observation> ask_metadata(Executor executor, Watchlist& list,
                                    std::optional<MetadataPlaces> places, Watch::Time deadline);

}  // namespace plumb::net

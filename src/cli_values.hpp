// The values that options take, read strictly: what is not understood is an error that shows the
// form.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "probe/model/address.hpp"
#include "probe/model/vocabulary.hpp"

namespace plumb {

// "500ms", "10s", "10m", "1h", "2d": a whole number above zero with its unit, at most a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// Our words, MySQL's (DISABLED … VERIFY_IDENTITY, any case) and DMS's `none`.
std::optional<TlsMode> parse_tls_mode(std::string_view text);

// Three numbers with dots between them, and nothing else.
std::optional<std::string> parse_replica_version(std::string_view text);

// So many a second: "500/s", "500", "0.5/s"; from one in a thousand seconds to a billion.
std::optional<double> parse_rate(std::string_view text);

// IP, IP:PORT, [v6]:PORT; without a port: 53.
std::optional<Endpoint> parse_resolver(std::string_view text);

}  // namespace plumb

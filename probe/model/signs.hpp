// What a look over a case's evidence shows before any cause is asked: of which phases there are
// steps, which of them failed, whether the resolvers agree. Most targets are well, and a fleet has
// many: a cause that names the signs it cannot do without (`Cause::needs`) is not asked where none
// of them shows.
//
// The invariant: a sign may show where a cause then finds nothing, never the other way round. So
// they are coarse, count follow-ups in, and whatever is unusual in a name's answers is one sign.
#pragma once

#include <cstdint>

#include "probe/model/case.hpp"

namespace plumb {

struct Signs {
  std::uint32_t bits = 0;

  constexpr Signs operator|(Signs other) const { return {bits | other.bits}; }
  constexpr bool empty() const { return bits == 0; }
  constexpr bool any_of(Signs others) const { return (bits & others.bits) != 0; }
};

namespace sign {

// There is a step of that phase.
constexpr Signs seen(Phase phase) { return {std::uint32_t{1} << static_cast<unsigned>(phase)}; }
// One of them failed.
constexpr Signs failed(Phase phase) {
  return {std::uint32_t{1} << (10U + static_cast<unsigned>(phase))};
}
// Greeting, TLS or login failed.
inline constexpr Signs talk_failed =
    failed(Phase::greeting) | failed(Phase::tls) | failed(Phase::login);
// Resolving went otherwise than that each resolver gave the same private addresses (or, where none
// are expected, public ones) as the application got, and a connect worked: see signs.cpp.
inline constexpr Signs odd_name{std::uint32_t{1} << 20U};
// A purpose that is not just to connect, or an account.
inline constexpr Signs purpose{std::uint32_t{1} << 21U};
inline constexpr Signs account{std::uint32_t{1} << 22U};
inline constexpr Signs pinned{std::uint32_t{1} << 23U};  // --pinned-target
// TLS that failed, or said anything, or whose certificate was not found good in all that is verified.
inline constexpr Signs odd_tls{std::uint32_t{1} << 24U};
// Of what no packet shows: never there.
inline constexpr Signs no_packet{std::uint32_t{1} << 31U};

}  // namespace sign

Signs signs_of(const Case& about);

}  // namespace plumb

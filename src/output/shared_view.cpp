#include "src/output/shared_view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace plumb::output {
namespace {

std::string_view noun(SharedThing what) {
  switch (what) {
    case SharedThing::address:
      return "the address";
    case SharedThing::resolver:
      return "the resolver";
    case SharedThing::zone:
      return "the zone";
    case SharedThing::ca:
      return "the trusted roots of";
    case SharedThing::security_group:
      return "this host's security group";
    case SharedThing::cause:
      return "this host";
  }
  return "";
}

// With which no target gets along.
std::string_view with_no_other(SharedThing what) {
  switch (what) {
    case SharedThing::resolver:
      return "no target got a better answer from it";
    case SharedThing::ca:
      return "no certificate was trusted by them";
    case SharedThing::security_group:
      return "no connection to another host came about";
    case SharedThing::cause:
      return "no target is well";
    default:
      return "no target works there";
  }
}

}  // namespace

std::string shared_sentence(const SharedFault& fault) {
  const std::string names = fault.what == SharedThing::cause
                                ? std::string()
                                : fmt::format(" {}", fmt::join(fault.values, ", "));
  return fmt::format("{} targets with {} have {}{} in common; {}.", fault.count,
                     fmt::join(fault.causes, ", "), noun(fault.what), names,
                     with_no_other(fault.what));
}

std::string shared_targets(const SharedFault& fault, std::size_t shown) {
  const std::size_t count = std::min(shown, fault.targets.size());
  const std::span<const std::string> first(fault.targets.data(), count);
  const std::size_t left = fault.count - count;
  return fmt::format("{}{}", fmt::join(first, ", "),
                     left ? fmt::format(" and {} more", left) : std::string());
}

}  // namespace plumb::output

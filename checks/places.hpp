// How a sentence names the addresses it is about: a few by name, many by their number, because
// nobody reads six addresses to find that they are all there are. The evidence has each of them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

// "A", "A and B", "A, B and C"; more: "all 6 addresses" where the target has `of` = 6 of them, else
// "4 of 6 addresses", or "4 addresses" where `of` is 0. Repetitions count once.
std::string name_places(const std::vector<std::string>& endpoints, std::size_t of);

std::size_t places_tried(const Case& about);  // endpoints to which a connection was tried

}  // namespace plumb

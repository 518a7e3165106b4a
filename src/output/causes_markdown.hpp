// The catalogue as a document: docs/causes.md.
#pragma once

#include <string>

#include "src/output/causes_text.hpp"

namespace plumb::output {

// One section per cause under its layer, in the order of the catalogue, with a table of contents.
std::string causes_markdown(Causes causes);

}  // namespace plumb::output

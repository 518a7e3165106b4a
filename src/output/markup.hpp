#pragma once

#include <string>
#include <string_view>

namespace plumb::output {

// Text for HTML, in an element or a quoted attribute: made printable and escaped.
std::string html(std::string_view text);

// <name class="kind">content</name>; the content is markup already, an empty kind leaves no
// attribute.
std::string element(std::string_view name, std::string_view content, std::string_view kind = "");

}  // namespace plumb::output

// Text from a server, a resolver or a file is untrusted: bounded, and every byte that is not
// printable ASCII or valid UTF-8 above the control range becomes `\xNN`, before it reaches a
// screen, a log or a label.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plumb {

constexpr std::size_t kPrintableLimit = 256;

// At most `limit` bytes of output; a cut text ends with "…". C0, DEL, C1 and bidirectional controls
// are escaped.
std::string printable(std::string_view text, std::size_t limit = kPrintableLimit);
std::string made_printable(std::string text);  // the same, of one to give away: mostly it itself

}  // namespace plumb

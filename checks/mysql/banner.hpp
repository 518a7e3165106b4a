// Is what speaks first a MySQL server? Five bytes decide: a packet header with sequence 0 and a
// payload that begins with protocol 10 or an error. What it is instead is named for the report.
//
// A text is read to the end of its first line, anything else not beyond the five bytes: enough to
// name it, bounded, and the same however the network cuts it.
#pragma once

#include <string>
#include <string_view>

#include "probe/wire/bytes.hpp"

namespace plumb::mysql {

enum class Opening : std::uint8_t { undecided, mysql, foreign };

Opening judge_opening(wire::View first);
// What there is when no more will come: fewer than five bytes of text are foreign too.
Opening judge_cut_opening(wire::View first);

bool banner_complete(wire::View first);     // of a foreign opening
std::string banner_text(wire::View first);  // printable and bounded
std::string_view name_protocol(wire::View first);

}  // namespace plumb::mysql

// The row of the MySQL check: how it talks, what it learns, what it can find.
#pragma once

#include "probe/wire/check.hpp"

namespace plumb::mysql {

const Check& mysql_check();

}  // namespace plumb::mysql

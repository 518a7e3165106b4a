// `plumb selftest`: the shipped scenarios through the engine, to show that the tool is sane where
// the network is not.
#pragma once

namespace plumb {

int selftest_command();

}  // namespace plumb

// `plumb selftest`: the shipped scenarios through the engine, and the shipped recordings through
// the diagnosis, to show that the tool is sane where the network is not.
#pragma once

namespace plumb {

int selftest_command();

}  // namespace plumb

#include "probe/net/asio.hpp"

#include <boost/asio/impl/src.hpp>

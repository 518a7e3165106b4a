#include "checks/mysql/check.hpp"

#include <memory>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/handshake.hpp"

namespace plumb::mysql {
namespace {

std::unique_ptr<wire::Exchange> start(const Conversation& conversation) {
  return std::make_unique<Handshake>(conversation);
}

}  // namespace

const Check& mysql_check() {
  static const Check check{"mysql", causes(), key::all, &start};
  return check;
}

}  // namespace plumb::mysql

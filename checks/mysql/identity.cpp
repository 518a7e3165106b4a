#include "checks/mysql/identity.hpp"

#include <algorithm>
#include <map>

#include "checks/mysql/login.hpp"
#include "checks/mysql/words.hpp"
#include "checks/session/variables.hpp"

namespace plumb::mysql {
namespace {

constexpr unsigned kComQuery = 3;

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), lower);
  return text;
}

}  // namespace

wire::Bytes IdentityQuestion::ask() const {
  wire::Writer out;
  out.u8(kComQuery).text("SHOW GLOBAL VARIABLES WHERE Variable_name IN (" +
                         session::quoted_identity_variables() + ")");
  return frame(0, out.take());
}

TextResult::Step IdentityQuestion::on_packet(wire::View payload) {
  const TextResult::Step step = result_.on_packet(payload);
  if (step == TextResult::Step::over) read();
  if (step == TextResult::Step::malformed) {
    failure_ = Failure::malformed_packet;
    raw_ = "no answer to a query";
  }
  return step;
}

void IdentityQuestion::read() {
  if (result_.error()) {
    failure_ = Failure::session_error;
    record(*result_.error(), facts_, raw_);
    return;
  }
  std::map<std::string, std::string> variables;
  for (const TextRow& row : result_.rows())
    if (row.size() == 2 && row[0] && row[1]) variables[in_lower_case(*row[0])] = *row[1];
  session::describe_identity(variables, facts_);
}

}  // namespace plumb::mysql

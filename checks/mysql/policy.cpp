#include "checks/mysql/policy.hpp"

#include "checks/mysql/auth.hpp"

namespace plumb::mysql {

bool meets_policy(TlsMode mode, const wire::TlsReport* tls) {
  const bool up = tls != nullptr && tls->completed;
  switch (mode) {
    case TlsMode::off:
      return !up;
    case TlsMode::preferred:
      return true;
    case TlsMode::required:
      return up;
    case TlsMode::verify_ca:
      return up && tls->chain_ok && tls->dates_ok;
    case TlsMode::verify_full:
      return up && tls->chain_ok && tls->dates_ok && tls->name_ok;
  }
  return false;
}

bool can_prove(const Login& login, const Greeting& greeting) {
  return login.is_account && !login.user.empty() &&
         !scramble(Plugin::native, login.password, greeting.nonce).empty();
}

Login anonymous_of(const Conversation& conversation) {
  Login login;
  login.user = conversation.anonymous.user;
  return login;
}

std::uint32_t session_capabilities(const Conversation& conversation, const Greeting& greeting,
                                   bool tls) {
  const Login& login = conversation.login;
  return client_capabilities(greeting, tls, login.is_account && !login.database.empty());
}

}  // namespace plumb::mysql

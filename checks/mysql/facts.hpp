// What a conversation with a MySQL server teaches. The names are the outward contract (design
// §2.5).
#pragma once

#include <span>

#include "probe/model/fact.hpp"
#include "probe/model/keys.hpp"

namespace plumb::mysql::key {

using plumb::key::Flag;
using plumb::key::Number;
using plumb::key::Real;
using plumb::key::Text;

// greeting
inline constexpr Text version{"mysql.version", "", "version string of the greeting, as sent"};
inline constexpr Text flavor{"mysql.flavor", "",
                             "what the greeting looks like: mysql, mariadb, tidb …"};
inline constexpr Number capabilities{"mysql.capabilities", "",
                                     "capability bits; MariaDB's extended ones from bit 32"};
inline constexpr Text auth_plugin{"mysql.auth_plugin", "", "default authentication plugin"};
inline constexpr Number thread_id{"mysql.thread_id", "", "connection id on the server"};
inline constexpr Number status{"mysql.status", "", "server status flags of the greeting"};
inline constexpr Real greeting_ms{"mysql.greeting_ms", "ms", "connection established to greeting"};
inline constexpr Text banner{"mysql.banner", "", "first bytes of something that is not MySQL"};
inline constexpr Text other_protocol{"mysql.other_protocol", "",
                                     "what it is: http, ssh, tls, mysqlx … or unknown"};

// an error packet, in any phase
inline constexpr Number error_code{"mysql.error_code", "", "number of the error packet"};
inline constexpr Text sqlstate{"mysql.sqlstate", "", "its SQLSTATE, where it carries one"};
inline constexpr Text error_text{"mysql.error_text", "", "its message"};

// login
inline constexpr Text login_as{"mysql.login.as", "", "anonymous or account"};
inline constexpr Flag login_account{"mysql.login.account", "", "the configured account was tried"};
inline constexpr Flag login_secure{"mysql.login.tls", "", "the login went through TLS"};
inline constexpr Flag login_ok{"mysql.login.ok", "", "the server accepted the login"};
inline constexpr Text login_answered_by{"mysql.login.answered_by", "",
                                        "who answered: server, gateway, tiproxy, unknown"};
inline constexpr Real login_ms{"mysql.login.ms", "ms", "login sent to answer"};
inline constexpr Text auth_switch{"mysql.auth_switch", "", "plugin the server asked to switch to"};
inline constexpr Text auth_path{"mysql.auth_path", "",
                                "last authentication answer: fast, full, native or empty"};
inline constexpr Flag auth_unsupported{"mysql.auth_unsupported", "",
                                       "the plugin asked for cannot be served; answered empty"};
inline constexpr Flag full_auth_withheld{
    "mysql.full_auth_withheld", "",
    "caching_sha2_password wanted the password itself on a channel without TLS; not sent"};

// any phase that did not end well
inline constexpr Real waited_ms{"mysql.waited_ms", "ms", "how long this step waited in vain"};
inline constexpr Flag dropped_before_login{"mysql.dropped_before_login", "",
                                           "broken off by us before the login was answered"};

inline constexpr KeyInfo all[] = {version,           flavor,
                                  capabilities,      auth_plugin,
                                  thread_id,         status,
                                  greeting_ms,       banner,
                                  other_protocol,    error_code,
                                  sqlstate,          error_text,
                                  login_as,          login_account,
                                  login_secure,      login_ok,
                                  login_answered_by, login_ms,
                                  auth_switch,       auth_path,
                                  auth_unsupported,  full_auth_withheld,
                                  waited_ms,         dropped_before_login};

}  // namespace plumb::mysql::key

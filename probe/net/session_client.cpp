#include "probe/net/session_client.hpp"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <string>
#include <string_view>

#include "probe/model/printable.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::net {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostRows = 1000;
constexpr int kClientErrors = 2000, kServerErrors = 3000;  // between them: the library's own

// A file in memory that the library can open by name, gone with this object.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& content)
      : descriptor_(::memfd_create("plumb-roots", MFD_CLOEXEC)) {
    std::string_view left = content;
    while (descriptor_ >= 0 && !left.empty()) {
      const ssize_t written = ::write(descriptor_, left.data(), left.size());
      if (written <= 0) break;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ~MemoryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  // Where it could not be made this names nothing, and the library refuses to verify.
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

int seconds_until(Deadline deadline) {
  const auto left = std::chrono::duration_cast<seconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<seconds::rep>(left.count(), 1, 3600));
}

sql::SQLString uri(const SessionOrder& order) {
  const bool bracketed = order.host.find(':') != std::string::npos;
  return "tcp://" + (bracketed ? "[" + order.host + "]" : order.host) + ":" +
         std::to_string(order.port);
}

void set_tls(const SessionOrder& order, const std::string& roots, sql::ConnectOptionsMap& into) {
  into["sslEnforce"] = true;
  into["sslCA"] = sql::SQLString(roots);
  into["sslVerify"] = true;
  if (order.tls.client_certificate_file.empty()) return;
  into["sslCert"] = sql::SQLString(order.tls.client_certificate_file);
  into["sslKey"] = sql::SQLString(order.tls.client_key_file);
}

sql::ConnectOptionsMap options_of(const SessionOrder& order, const std::string& roots,
                                  Deadline deadline) {
  const int limit = seconds_until(deadline);
  const std::string_view password = order.account.password.reveal();
  sql::ConnectOptionsMap options;
  options["hostName"] = uri(order);
  options["userName"] = sql::SQLString(order.account.user);
  options["password"] = sql::SQLString(password.data(), password.size());
  options["OPT_CONNECT_TIMEOUT"] = limit;
  options["OPT_READ_TIMEOUT"] = limit;
  options["OPT_WRITE_TIMEOUT"] = limit;
  options["OPT_LOCAL_INFILE"] = 0;
  options["OPT_CONNECT_ATTR_ADD"] =
      std::map<sql::SQLString, sql::SQLString>{{"program_name", "plumb"}};
  set_tls(order, roots, options);
  return options;
}

// The library's way to make its driver is not made for threads; a local static is.
sql::Driver& driver() {
  static sql::Driver* const only = sql::mysql::get_mysql_driver_instance();
  return *only;
}

struct Lost {
  std::string why;
};

std::string words(const sql::SQLException& error) {
  return "error " + std::to_string(error.getErrorCode()) + ", " + error.what();
}

wire::SessionResult read_rows(sql::ResultSet& from) {
  wire::SessionResult result;
  sql::ResultSetMetaData* const meta = from.getMetaData();
  const unsigned width = meta->getColumnCount();
  for (unsigned i = 1; i <= width; ++i)
    result.columns.push_back(meta->getColumnLabel(i).asStdString());
  while (result.rows.size() < kMostRows && from.next()) {
    auto& row = result.rows.emplace_back();
    for (unsigned i = 1; i <= width; ++i)
      row.push_back(from.isNull(i) ? wire::SessionResult::Cell()
                                   : wire::SessionResult::Cell(from.getString(i).asStdString()));
  }
  return result;
}

// What a procedure sends behind its first result is read and dropped.
wire::SessionResult ask(sql::Connection& connection, const std::string& statement) {
  try {
    const std::unique_ptr<sql::Statement> asked(connection.createStatement());
    wire::SessionResult first;
    bool has_rows = asked->execute(statement);
    for (bool is_first = true; has_rows; is_first = false) {
      const std::unique_ptr<sql::ResultSet> rows(asked->getResultSet());
      if (is_first) first = read_rows(*rows);
      has_rows = asked->getMoreResults();
    }
    return first;
  } catch (const sql::SQLException& error) {
    const int code = error.getErrorCode();
    if (code == 0 || (code >= kClientErrors && code < kServerErrors)) throw Lost{words(error)};
    wire::SessionResult result;
    result.error =
        wire::SessionError{static_cast<unsigned>(code), error.getSQLState(), error.what()};
    return result;
  }
}

void drive(sql::Connection& connection, wire::SessionTalk& talk, Deadline deadline) {
  wire::SessionResult result;
  for (auto statement = talk.next(nullptr); statement; statement = talk.next(&result)) {
    if (Clock::now() >= deadline) throw Lost{"the time was up before the last question"};
    result = ask(connection, *statement);
  }
}

std::string converse(const SessionOrder& order, wire::SessionTalk& talk, Deadline deadline) {
  try {
    const MemoryFile roots(order.tls.trust ? order.tls.trust->pem() : "");
    auto options = options_of(order, roots.path(), deadline);
    const std::unique_ptr<sql::Connection> connection(driver().connect(options));
    drive(*connection, talk, deadline);
    return {};
  } catch (const Lost& lost) {
    return lost.why;
  } catch (const sql::SQLException& error) {
    return words(error);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

SessionEnd hold_session(const SessionOrder& order, wire::SessionTalk& talk, Deadline deadline) {
  driver().threadInit();
  const std::string lost = converse(order, talk, deadline);
  driver().threadEnd();
  OPENSSL_thread_stop();  // now: a detached thread may outlive the process's own account of memory
  SessionEnd end;
  end.observation = talk.observation();
  if (lost.empty()) return end;
  end.observation.failure = Failure::session_error;
  end.observation.raw = printable(lost);
  end.cut = Clock::now() >= deadline;
  return end;
}

}  // namespace plumb::net

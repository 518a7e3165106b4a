// Conversations for the tests of this folder: a Handshake played against a script, and a case made
// of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/handshake.hpp"
#include "probe/model/cause.hpp"
#include "probe/model/profile.hpp"
#include "tests/support/exchange_script.hpp"
#include "tests/support/mysql_frames.hpp"

namespace plumb::mysql {

inline Conversation anonymous(TlsMode mode = TlsMode::off) {
  Conversation conversation;
  conversation.tls = mode;
  conversation.anonymous.user = "plumb_probe";
  return conversation;
}

inline Conversation with_account(TlsMode mode = TlsMode::off, std::string database = {}) {
  Conversation conversation = anonymous(mode);
  conversation.login = {"app", Secret("s3cret"), true, std::move(database)};
  return conversation;
}

inline test::Maker maker(const Conversation& conversation) {
  return [conversation] { return std::make_unique<Handshake>(conversation); };
}

inline wire::TlsReport tls_report(bool chain = true, bool name = true, bool dates = true) {
  wire::TlsReport report;
  report.completed = true;
  report.chain_ok = chain;
  report.name_ok = name;
  report.dates_ok = dates;
  if (!dates) report.failure = Failure::certificate_expired;
  if (!name) report.failure = Failure::certificate_name_mismatch;
  if (!chain) report.failure = Failure::certificate_untrusted;
  return report;
}

inline wire::TlsReport tls_failed(Failure failure) {
  wire::TlsReport report;
  report.failure = failure;
  return report;
}

inline test::Script script(std::vector<wire::Bytes> turns) {
  return {std::move(turns), {}, {Failure::eof, {}, {}}};
}

inline test::Script over_tls(const wire::TlsReport& report, std::vector<wire::Bytes> turns) {
  turns.insert(turns.begin(), test::GreetingFrame().caps(test::kTlsCaps).bytes());
  return {std::move(turns), report, {Failure::eof, {}, {}}};
}

// A case of one conversation per address: 10.0.0.1, 10.0.0.2, …
class CaseOf {
 public:
  CaseOf() {
    case_.profile = &profile_for_host("db.example.com");
    case_.target.host = "db.example.com";
    case_.target.database = "shop";
    case_.policy.account = "app";
  }
  CaseOf& add(const Conversation& conversation, const test::Script& script) {
    const std::string endpoint = "10.0.0." + std::to_string(++addresses_) + ":3306";
    for (Observation seen : test::play(maker(conversation), script).observations) {
      seen.endpoint = endpoint;
      case_.evidence.add(std::move(seen));
    }
    return *this;
  }
  CaseOf& budget(Micros budget) { return case_.budget = budget, *this; }
  const Case& value() const { return case_; }

  Verdict judge(std::string_view id) const {
    for (const Cause& cause : causes())
      if (cause.id == id) return cause.match(case_);
    return Verdict::no("no such row");
  }
  std::vector<std::string_view> found() const {
    std::vector<std::string_view> ids;
    for (const Cause& cause : causes())
      if (cause.match(case_).matched) ids.push_back(cause.id);
    return ids;
  }

 private:
  Case case_;
  int addresses_ = 0;
};

inline std::string bound(const Verdict& verdict, std::string_view name) {
  for (const auto& [key, value] : verdict.bindings)
    if (key == name) return value;
  return "(not bound)";
}

}  // namespace plumb::mysql

#include "tests/support/fake_talk.hpp"

namespace plumb::test {
namespace {

using Verdict = wire::LoginAnswer::Verdict;

class Talk : public wire::Exchange {
 public:
  explicit Talk(const Conversation& conversation) : account_(conversation.login.is_account) {
    talks().push_back(std::string(account_ ? "account" : "anonymous") +
                      (conversation.without_tls ? " plain" : "") +
                      (conversation.identify ? " who" : "") +
                      (conversation.tls == TlsMode::verify_ca ? " verify-ca" : ""));
  }
  wire::Action next(const wire::Event& event, Micros at) override {
    if (const auto* heard = std::get_if<wire::Received>(&event)) {
      hear(std::string(wire::as_text(heard->bytes)), at);
      return wire::Finish{};
    }
    if (const auto* end = std::get_if<wire::Broken>(&event)) {
      note(Phase::greeting, end->failure);
      return wire::Finish{};
    }
    return wire::Receive{};
  }
  std::vector<Observation> observations() const override { return seen_; }
  wire::Ending ending() const override { return ending_; }
  std::optional<wire::LoginAnswer> login_answer() const override { return answer_; }
  bool account_tried() const override { return account_ && tried_; }
  Phase phase() const override { return tried_ ? Phase::login : Phase::greeting; }

 private:
  void hear(const std::string& word, Micros at) {
    note(Phase::greeting, std::nullopt);
    tried_ = true;
    if (word == "hangs up") {
      note(Phase::login, Failure::eof);
      ending_ = wire::Ending::closed_by_peer;
      return;
    }
    const bool refused = word == "no" && account_;
    note(Phase::login, refused ? std::optional(Failure::mysql_error) : std::nullopt);
    answer_ = wire::LoginAnswer{refused || word == "no" ? Verdict::refused : Verdict::accepted,
                                account_, word == "late" ? Micros(1500000) : at};
    ending_ = wire::Ending::finished;
  }
  void note(Phase phase, std::optional<Failure> failure) {
    Observation seen;
    seen.phase = phase;
    seen.failure = failure;
    seen_.push_back(seen);
  }

  bool account_;
  bool tried_ = false;
  std::vector<Observation> seen_;
  std::optional<wire::LoginAnswer> answer_;
  wire::Ending ending_ = wire::Ending::dropped;
};

std::unique_ptr<wire::Exchange> begin(const Conversation& conversation) {
  return std::make_unique<Talk>(conversation);
}

}  // namespace

std::vector<std::string>& talks() {
  static thread_local std::vector<std::string> list;
  return list;
}

const Check& fake_talk() {
  static const Check check{"talk", {}, {}, begin};
  return check;
}

}  // namespace plumb::test

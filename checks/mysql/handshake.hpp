// One conversation with something that may be a MySQL server, from its greeting to an orderly end.
//
//   greeting ─┬─ error instead ──────────────────────────────► Finish   closed_by_peer
//             ├─ not MySQL: its banner ──────────────────────► Finish   no_server
//             └─ SSLRequest ► StartTls ► login ─┬─ OK ► COM_QUIT ► CloseWrite ► EOF ► Finish
//                     (or no TLS) ► login ──────┴─ ERR ► CloseWrite ► EOF ► Finish
//                                                        both finished
//
// Where the conversation is to identify the server, one question stands between the OK of an
// account and COM_QUIT (identity.hpp); whatever comes of it, the login was answered and the end is
// the same.
//
// The invariant is harmlessness (design §1.2). A connection that reached a MySQL server and can be
// finished is finished: whatever TLS came to be, and if there is none, a login follows. Who logs in
// depends on the channel: the account only over one that meets the TLS policy, else the anonymous
// probe user, whose login carries no secret. TLS verification never breaks off; only TLS that does
// not complete does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks/mysql/identity.hpp"
#include "checks/mysql/inbox.hpp"
#include "checks/mysql/login.hpp"
#include "probe/wire/check.hpp"
#include "probe/wire/exchange.hpp"

namespace plumb::mysql {

class Handshake : public wire::Exchange {
 public:
  explicit Handshake(const Conversation& conversation) : conversation_(conversation) {}

  wire::Action next(const wire::Event& event, Micros at) override;
  std::vector<Observation> observations() const override { return observations_; }
  wire::Ending ending() const override { return ending_; }
  std::optional<wire::LoginAnswer> login_answer() const override { return answer_; }
  bool account_tried() const override { return login_ && login_->as_account(); }
  Phase phase() const override;

 private:
  enum class State : std::uint8_t {
    greeting,   // until the first packet is there
    banner,     // it is not MySQL: reading its first line
    tls_asked,  // SSLRequest is on its way
    tls,        // the driver shakes hands
    login,      // until OK or ERR
    asking,     // until the answer to who it is
    quitting,   // COM_QUIT is on its way
    closing,    // our side is being closed
    draining,   // nothing more to say: reading until the peer closes
    over
  };

  wire::Action on(const wire::Started&);
  wire::Action on(const wire::Sent&);
  wire::Action on(const wire::Received& received);
  wire::Action on(const wire::TlsEnded& ended);
  wire::Action on(const wire::WriteClosed&);
  wire::Action on(const wire::Broken& broken);

  wire::Action read_greeting();
  wire::Action read_banner();
  wire::Action on_refusal(const Packet& packet);
  wire::Action after_greeting();
  wire::Action ask_for_tls();
  wire::Action begin_login(const wire::TlsReport* tls);
  wire::Action read_login();
  wire::Action end_login();
  wire::Action read_identity();
  wire::Action end_asking();
  wire::Action quit();
  wire::Action close();

  bool wants_tls() const;
  // Ends the step that is under way; steps follow each other without a gap.
  Observation end_step(Phase phase);
  wire::Action malformed(std::string raw);
  wire::Action finish(wire::Ending ending);
  wire::Action drop(Observation observation);

  Conversation conversation_;
  State state_ = State::greeting;
  Micros now_{0};
  Micros step_began_{0};
  Inbox inbox_;
  std::size_t drained_ = 0;
  std::uint8_t sequence_ = 0;  // of our next packet
  std::optional<Greeting> greeting_;
  std::optional<LoginDialogue> login_;
  IdentityQuestion question_;
  std::vector<Observation> observations_;
  std::optional<wire::LoginAnswer> answer_;
  wire::Ending ending_ = wire::Ending::dropped;
};

}  // namespace plumb::mysql

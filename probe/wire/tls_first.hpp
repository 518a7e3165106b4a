// TLS before any greeting, and the conversation inside it: what a client of a load balancer's TLS
// listener would do. Wraps another exchange, which then runs over the encrypted channel as if it
// were a plain one; so a MySQL server behind such a listener gets its whole login. A handshake that
// fails ends it: that port waits for something else.
#pragma once

#include <memory>

#include "probe/wire/exchange.hpp"

namespace plumb::wire {

class TlsFirst : public Exchange {
 public:
  explicit TlsFirst(std::unique_ptr<Exchange> inner) : inner_(std::move(inner)) {}

  Action next(const Event& event, Micros at) override;
  std::vector<Observation> observations() const override;  // the handshake, then the inner ones
  Ending ending() const override;
  std::optional<LoginAnswer> login_answer() const override { return inner_->login_answer(); }
  bool account_tried() const override { return inner_->account_tried(); }
  Phase phase() const override { return inside_ ? inner_->phase() : Phase::tls; }

 private:
  Action take(TlsReport report, Micros at);

  std::unique_ptr<Exchange> inner_;
  Observation handshake_;
  bool inside_ = false;
};

}  // namespace plumb::wire

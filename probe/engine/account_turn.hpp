// Whose turn it is to find out whether the password is right. An account is its user's name:
// several names, ports or zones may lead to one server, which counts refusals for all of them
// together (FAILED_LOGIN_ATTEMPTS), and nobody can tell from outside. So among all targets of a process one
// at a time has a password on the way that no server of its own has accepted yet, and a refusal is
// known before the next one begins (design.md §1.2).
//
// A target waits before it connects, so nobody holds a connection meanwhile. First come, first
// served, in whatever shard; its owner's lock is held while it is looked at.
//
// The dead must not hold up the living: a target whose connect is not answered gives the turn back,
// after four times what the slowest connect of late took. If it is answered after all, its turn
// comes before those of all who have not begun, for then a server waits.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "probe/model/observation.hpp"
#include "probe/net/event.hpp"

namespace plumb::engine {

class AccountTurn {
 public:
  explicit AccountTurn(net::SpinLock& lock) : lock_(lock) {}

  class Held {  // gives the turn back on destruction
   public:
    Held() = default;
    explicit Held(AccountTurn* owner) : owner_(owner) {}
    Held(Held&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Held& operator=(Held&& other) noexcept {
      std::swap(owner_, other.owner_);
      return *this;
    }
    ~Held() {
      if (owner_) owner_->pass_on();
    }
    bool held() const { return owner_ != nullptr; }
    // What the holder does on an interrupt, on its own executor; not called once the turn is given
    // back.
    void on_stop(std::function<void()> react) {
      if (owner_) owner_->set_reaction(std::move(react));
    }

   private:
    AccountTurn* owner_ = nullptr;
  };

  net::awaitable<Held> take(net::Executor executor);
  // For who gave it back and is connected now. Empty if it did not come before the limit.
  net::awaitable<Held> take_again(net::Executor executor, net::Event::Time limit);
  void note_connect(Micros took);
  Micros silence() const;  // a connect that has not been answered for so long
  // An interrupt: nobody waits any more. Who waited is let go, the caller's network sends nothing;
  // the holder is told. With the lock held.
  void stop();

 private:
  net::awaitable<Held> take_from(net::Waiters& row, net::Executor executor, net::Event::Time limit);
  void pass_on();
  void set_reaction(std::function<void()> react);
  static constexpr Micros kShortestSilence = std::chrono::milliseconds(10);
  static constexpr Micros kLongestSilence = std::chrono::milliseconds(250);

  net::SpinLock& lock_;
  Micros slowest_ = kLongestSilence;  // of the connects of late
  bool taken_ = false;
  bool stopped_ = false;
  std::optional<net::Executor> holder_;  // whose turn it is
  std::shared_ptr<std::function<void()>> react_;
  net::Waiters connected_, waiting_;
};

}  // namespace plumb::engine

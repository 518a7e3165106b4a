// A password that cannot be printed by accident: no conversion, no stream operator, wiped on
// destruction.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace plumb {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(other.text_) { other.wipe(); }
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&& other) noexcept {
    wipe();
    text_ = other.text_;
    other.wipe();
    return *this;
  }
  ~Secret() { wipe(); }

  bool empty() const { return text_.empty(); }
  // The only way out: for the bytes of the wire.
  std::string_view reveal() const { return text_; }

 private:
  void wipe() {
    volatile char* p = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) p[i] = 0;
    text_.clear();
  }
  std::string text_;
};

// Who logs in. Anonymous (design.md §1.2) is the probe user with an empty password.
struct Login {
  std::string user;
  Secret password;
  bool is_account = false;
  std::string database;  // asked for with an account only
};

}  // namespace plumb

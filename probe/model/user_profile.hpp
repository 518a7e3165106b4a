// A profile that somebody wrote for a deployment of their own: a shipped one, and what differs. It
// owns the texts that its row points to, so it is made once, shared and never copied.
#pragma once

#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "probe/model/profile.hpp"

namespace plumb {

// As written; absent or empty: as in the shipped profile `like`.
struct UserProfileText {
  std::string name;
  std::string like = "mysql";
  std::string title, hosts, ca, server_name;
  std::vector<std::string> flavors;
  std::optional<Expected> address;
  std::optional<std::uint16_t> port;
  std::optional<TlsMode> tls;
  std::optional<bool> behind_load_balancer;
};

class UserProfile {
 public:
  // Null exactly when `error` says what is wrong.
  struct Made {
    std::shared_ptr<const UserProfile> profile;
    std::string error;
  };
  static Made make(UserProfileText text);

  UserProfile(const UserProfile&) = delete;
  UserProfile& operator=(const UserProfile&) = delete;

  const Profile& row() const { return row_; }
  const UserProfileText& text() const { return text_; }
  bool is_for(std::string_view host) const;  // by `hosts`; the lower-case host, whole

 private:
  explicit UserProfile(UserProfileText text) : text_(std::move(text)) {}

  UserProfileText text_;
  std::string flavors_;
  Profile row_;
  std::regex hosts_;  // matched in polynomial time, whatever the pattern
};

using UserProfiles = std::vector<std::shared_ptr<const UserProfile>>;

// The profile of a target: by its name where one is given, else by the host, the user's before the
// shipped ones. Null: no profile has that name.
struct ChosenProfile {
  const Profile* profile = nullptr;
  std::shared_ptr<const UserProfile> own;  // keeps *profile, where it is the user's
};
ChosenProfile choose_profile(const UserProfiles& own, std::string_view name, std::string_view host);

}  // namespace plumb

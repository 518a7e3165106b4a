// --profile-file: profiles of the user's own, a YAML list. Each is like a shipped one and says what
// differs:
//
//   - name: orders-db
//     like: aurora-direct            # default: mysql
//     hosts: 'orders-[a-z]+\.corp\.example'   # regular expression, whole, lower-case
//     title: The orders database
//     address: private               # any, private or public
//     port: 3307
//     tls: verify-full
//     ca: /etc/ssl/orders-ca.pem     # as --ca
//     server_name: orders.corp.example
//     flavors: [aurora, mysql]
//     behind_load_balancer: true
//
// Unknown keys and words are errors, with their place.
#pragma once

#include <string>
#include <string_view>

#include "probe/model/user_profile.hpp"

namespace plumb {

struct ProfileFile {
  UserProfiles profiles;
  std::string error;  // empty: all were read; "FILE: line 3: …"
};
ProfileFile read_profile_file(const std::string& path);
ProfileFile parse_profiles(std::string_view yaml);  // the error without a file's name

}  // namespace plumb

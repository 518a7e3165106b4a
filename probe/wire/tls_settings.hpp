// What a TLS handshake needs beside the bytes: trust, name, client certificate. Built once per run of the
// program, const afterwards, shared by every connection (the name is per target and not in here).
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace plumb::wire {

class Trust;  // probe/wire/trust.hpp: a loaded, immutable set of root certificates

struct TlsSettings {
  std::shared_ptr<const Trust> trust;  // null: nothing is trusted, verification is recorded as such
  std::string server_name;  // checked against the leaf; also the SNI unless it is an address
  std::string client_certificate_file;  // PEM; empty: none
  std::string client_key_file;
};

}  // namespace plumb::wire

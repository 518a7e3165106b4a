// The server of a story: a MySQL server as far as a login needs one, told in human terms (version,
// plugin, what the login answers). It writes real packets, so the real exchange reads them; it
// verifies no password, the story says how the login ends.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probe/net/scripted_network.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb {

struct ServerError {
  unsigned code = 1045;
  std::string sqlstate;  // empty: the packet has none, as before the handshake
  std::string text;
};

// How one kind of login ends.
struct LoginStory {
  std::optional<ServerError> error;  // absent: OK
  std::optional<Failure> breaks;     // instead of an answer: eof, reset, timed_out
  std::string switch_to;             // an AuthSwitchRequest to this plugin first
  std::string sha2;                  // "fast", "full": caching_sha2_password's extra round
  Micros after{1000};                // how long the answer takes
};

struct TlsStory {
  wire::TlsReport report;          // without the verdict on the name
  std::vector<std::string> names;  // of the leaf; "*" is any
};

struct ServerStory {
  std::string says;                    // what is no MySQL speaks this first
  std::optional<Failure> silence;      // before any byte: eof, reset, timed_out
  bool tls_first = false;              // silent until TLS is up, then greets inside it
  Micros greets_after{1000};           // how long the greeting takes
  std::optional<ServerError> refuses;  // an error packet instead of the greeting
  std::string version = "8.0.36";
  std::string plugin = "caching_sha2_password";
  bool offers_tls = true;
  TlsStory tls;
  LoginStory account;
  LoginStory anonymous;
  std::map<std::string, std::string> variables;  // the answer to any query of whoever is let in
};

class StoryServer : public net::ScriptedPeer {
 public:
  explicit StoryServer(ServerStory story);
  void hear(wire::View bytes) override;
  net::Line speak() override;
  wire::TlsReport shake_hands(const wire::TlsSettings& client) override;

 private:
  void open();
  void take(unsigned sequence, wire::View payload);
  void take_login(wire::View payload);
  void answer(const LoginStory& login);
  void answer_query();
  void send(const wire::Bytes& payload, Micros after = Micros(1000));

  ServerStory story_;
  wire::Bytes heard_;
  std::deque<net::Line> lines_;
  std::uint8_t next_sequence_ = 0;
  std::optional<LoginStory> unfinished_;  // a login that waits for one more packet
  bool greeted_ = false;
  bool encrypted_ = false;
  bool let_in_ = false;
};

}  // namespace plumb

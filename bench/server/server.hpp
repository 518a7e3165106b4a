// The server of every benchmark: one thread, one epoll, the same for the floors, for plumb and for its peers.
// Clients are measured by their CPU time, so that it has to be quick enough only to keep them busy.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "bench/server/certificates.hpp"
#include "bench/server/conversation.hpp"
#include "bench/server/listen.hpp"

namespace plumb::bench {

class Server {
 public:
  Server(Shape shape, KeyType type);
  std::string root_pem() const { return certificates_.root_pem(); }
  std::string ports() const;  // one JSON object
  // Until standard input ends, so that the server never outlives who started it. Gives the counts as JSON.
  std::string run(bool busy);  // busy: without ever sleeping

 private:
  struct Door {
    const char* name;
    Manner manner;
    Descriptor listener;
  };
  void watch(int fd);
  bool handle(int fd);  // false: standard input has ended
  void admit(const Door& door);
  void answer_questions();

  Certificates certificates_;
  Counts counts_;
  Descriptor epoll_;
  std::array<Door, 4> doors_;
  SilentPort silent_;
  Descriptor questions_;
  std::vector<std::unique_ptr<Conversation>> conversations_;  // by descriptor
};

}  // namespace plumb::bench

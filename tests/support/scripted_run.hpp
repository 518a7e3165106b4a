// One run of the engine over a scripted world, with the protocol of fake_talk.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "probe/engine/memory.hpp"
#include "probe/engine/runner.hpp"
#include "probe/net/scripted_network.hpp"
#include "tests/support/fake_talk.hpp"

namespace plumb::test {

inline std::function<std::unique_ptr<net::ScriptedPeer>()> says(const std::string& word) {
  return [word] {
    net::Line line;
    line.bytes.assign(word.begin(), word.end());
    return std::make_unique<net::RecitingPeer>(std::vector<net::Line>{line});
  };
}

inline net::ScriptedEndpoint listening(const std::string& word) {
  net::ScriptedEndpoint endpoint;
  endpoint.peer = says(word);
  return endpoint;
}

inline engine::Settings with_account(const std::string& user) {
  engine::Settings settings;
  settings.user = user;
  settings.password = Secret("s3cret");
  return settings;
}

inline std::vector<Case> run_over(asio::io_context& io, net::Network& network,
                                  const std::string& target, const engine::Settings& settings,
                                  engine::Memory& memory) {
  const engine::Plan plan = engine::make_plan(
      *parse_target(target).target, std::make_shared<engine::Settings>(settings), fake_talk());
  std::vector<Case> cases;
  const auto whole = [&]() -> net::awaitable<void> {
    cases = co_await engine::run(plan, network, memory);
  };
  asio::co_spawn(io, whole, asio::detached);
  io.run();
  return cases;
}

inline std::vector<Case> run_scripted(const std::string& target, const net::ScriptedWorld& world,
                                      const engine::Settings& settings, engine::Memory& memory) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), world);
  return run_over(io, network, target, settings, memory);
}

}  // namespace plumb::test

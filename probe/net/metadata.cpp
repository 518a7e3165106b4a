#include "probe/net/metadata.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probe/model/keys.hpp"
#include "probe/net/event.hpp"
#include "probe/wire/metadata_answer.hpp"

namespace plumb::net {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Answer = std::optional<wire::HttpAnswer>;
using State = wire::HttpReading::State;

struct Runner {  // one cloud's conversation
  Runner(const Executor& executor, wire::Cloud cloud, const Endpoint& at)
      : place(at), talk(cloud), socket(executor) {}
  Endpoint place;
  wire::MetadataTalk talk;
  tcp::socket socket;  // of the request under way
};

// Shared by the coroutines of one asking, which all end before it does.
struct Race {
  Race(const Executor& executor, const MetadataPlaces& places) : ended(executor) {
    for (const wire::Cloud cloud : wire::kClouds) {
      const bool own = cloud == wire::Cloud::alibaba;
      const Endpoint& place = own ? places.alibaba : places.link_local;
      runners.push_back(std::make_unique<Runner>(executor, cloud, place));
    }
    running = runners.size();
  }
  bool may_go_on(const Runner& runner) const { return !over && (!winner || winner == &runner); }
  void cut_off() {
    for (const auto& runner : runners) {
      error_code ignored;
      if (!may_go_on(*runner)) runner->socket.cancel(ignored);
    }
  }
  void end_all() {
    over = true;
    cut_off();
  }
  void crown(Runner& runner) {
    if (winner) return;
    winner = &runner;
    cut_off();
  }

  Event ended;
  std::vector<std::unique_ptr<Runner>> runners;
  Runner* winner = nullptr;
  std::size_t running = 0;
  bool over = false;
};

// False: it is over, for this runner at least. What was cancelled between two operations has
// cancelled nothing of the next one, hence the second question.
bool goes_on(const Race& race, const Runner& runner, const error_code& error) {
  return !error && race.may_go_on(runner);
}

awaitable<bool> send(Race& race, Runner& runner, std::string request) {
  error_code error;
  const tcp::endpoint place(asio::ip::make_address(runner.place.address.to_string()),
                            runner.place.port);
  co_await runner.socket.async_connect(place, asio::redirect_error(use_awaitable, error));
  std::size_t sent = 0;
  while (goes_on(race, runner, error) && sent < request.size()) {
    const auto rest = asio::buffer(request.data() + sent, request.size() - sent);
    sent +=
        co_await runner.socket.async_write_some(rest, asio::redirect_error(use_awaitable, error));
  }
  co_return goes_on(race, runner, error);
}

awaitable<Answer> receive(Race& race, Runner& runner) {
  wire::Bytes heard;
  std::array<std::uint8_t, 2048> part{};
  for (;;) {
    error_code error;
    const std::size_t size = co_await runner.socket.async_read_some(
        asio::buffer(part), asio::redirect_error(use_awaitable, error));
    heard.insert(heard.end(), part.begin(), part.begin() + size);
    const bool ended = error == asio::error::eof;
    wire::HttpReading reading = wire::parse_http_answer(heard, ended);
    Answer answer;
    if (reading.state == State::whole) answer = std::move(reading.answer);
    if (reading.state != State::incomplete || !goes_on(race, runner, error)) co_return answer;
  }
}

// A connection for each request: services differ in whether they keep one.
awaitable<Answer> fetch(Race& race, Runner& runner, std::string request) {
  Answer answer;
  error_code error;
  runner.socket = tcp::socket(runner.socket.get_executor());
  runner.socket.open(runner.place.address.is_v4() ? tcp::v4() : tcp::v6(), error);
  if (error) co_return answer;
  const bool sent = co_await send(race, runner, std::move(request));
  if (sent) answer = co_await receive(race, runner);
  co_return answer;
}

awaitable<void> run(std::shared_ptr<Race> race, Runner& runner) {
  std::optional<std::string> request = runner.talk.request();
  while (request && race->may_go_on(runner)) {
    const Answer answer = co_await fetch(*race, runner, std::move(*request));
    if (!race->may_go_on(runner)) break;
    runner.talk.take(answer, std::chrono::system_clock::now());
    if (runner.talk.recognised()) race->crown(runner);
    request = runner.talk.request();
  }
}

}  // namespace

awaitable<Observation> ask_metadata(Executor executor, Watchlist& list,
                                    std::optional<MetadataPlaces> places, Watch::Time deadline) {
  Observation seen;
  seen.phase = Phase::local;
  if (!places) seen.facts.set(key::local_metadata, std::string("off"));
  if (!places || list.stopping()) co_return seen;
  const auto began = Clock::now();
  const auto race = std::make_shared<Race>(executor, *places);
  Watch watch(executor, list, std::min(deadline, began + places->whole),
              std::chrono::milliseconds(0), [race] { race->end_all(); });
  for (const auto& runner : race->runners)
    asio::co_spawn(executor, run(race, *runner), [race](const std::exception_ptr&) {
      if (--race->running == 0) race->ended.set();
    });
  co_await race->ended.wait();
  if (race->winner) seen.facts = race->winner->talk.facts();
  if (race->winner || !watch.stopped())
    seen.facts.set(key::local_metadata, std::string(race->winner ? "answered" : "silent"));
  seen.took = std::chrono::duration_cast<Micros>(Clock::now() - began);
  co_return seen;
}

}  // namespace plumb::net

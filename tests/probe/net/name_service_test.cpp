#include "probe/net/name_service.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class NameFiles : public ::testing::Test {
 protected:
  NameFiles() {
    std::string pattern = (fs::temp_directory_path() / "plumb-names-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    paths_ = {path("resolv.conf"), path("hosts"), path("nsswitch.conf"), path("upstreams")};
  }
  ~NameFiles() override { fs::remove_all(directory_); }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }

  fs::path directory_;
  NamePaths paths_;
};

TEST_F(NameFiles, ReadsAllThree) {
  write("resolv.conf", "nameserver 10.0.0.2\nsearch corp.example\n");
  write("hosts", "10.0.0.5 db\n");
  write("nsswitch.conf", "hosts: dns files\n");
  write("upstreams", "nameserver 10.9.9.9\n");
  const auto config = read_name_config(paths_);
  EXPECT_TRUE(config.resolv_readable);
  ASSERT_EQ(config.resolv.nameservers.size(), 1u);
  EXPECT_EQ(config.resolv.nameservers[0].to_string(), "10.0.0.2:53");
  EXPECT_EQ(config.resolv.search, std::vector<std::string>{"corp.example"});
  EXPECT_EQ(config.hosts.lookup("db").size(), 1u);
  ASSERT_EQ(config.nsswitch.hosts.size(), 2u);
  EXPECT_EQ(config.nsswitch.hosts[0].name, "dns");
  EXPECT_TRUE(config.stub_upstreams.empty()) << "no stub, no upstreams";
}

TEST_F(NameFiles, MissingFilesAreDefaults) {
  const auto config = read_name_config(paths_);
  EXPECT_FALSE(config.resolv_readable);
  EXPECT_TRUE(config.resolv.nameservers.empty());
  EXPECT_EQ(config.nsswitch.hosts.size(), 2u);
}

TEST_F(NameFiles, LooksBehindTheStub) {
  write("resolv.conf", "nameserver 127.0.0.53\nnameserver 127.0.0.54\n");
  write("upstreams", "nameserver 10.0.0.2\nnameserver 2001:db8::2\n");
  const auto config = read_name_config(paths_);
  ASSERT_EQ(config.stub_upstreams.size(), 2u);
  EXPECT_EQ(config.stub_upstreams[1].to_string(), "2001:db8::2");
  write("resolv.conf", "nameserver 127.0.0.53\nnameserver 10.0.0.7\n");
  EXPECT_TRUE(read_name_config(paths_).stub_upstreams.empty());
}

struct SystemAsker {
  asio::io_context io;
  std::vector<SystemReply> replies;
  void ask(const std::string& name, Deadline deadline,
           SystemLookup lookup = look_up_with_getaddrinfo) {
    ask_system(
        name, deadline, io.get_executor(),
        [this](SystemReply reply) { replies.push_back(std::move(reply)); }, std::move(lookup));
  }
};

TEST(AskSystem, KnowsLocalhost) {
  SystemAsker asker;
  asker.ask("127.0.0.1", Clock::now() + 20s);
  EXPECT_TRUE(asker.replies.empty()) << "called from within ask_system()";
  asker.io.run();
  ASSERT_EQ(asker.replies.size(), 1u);
  ASSERT_EQ(asker.replies[0].addresses.size(), 1u) << "each address once";
  EXPECT_EQ(asker.replies[0].addresses[0].to_string(), "127.0.0.1");
  EXPECT_EQ(asker.replies[0].error, "");
}

TEST(AskSystem, NamesItsError) {
  SystemAsker asker;
  asker.ask(std::string(300, 'a'), Clock::now() + 20s);  // too long to be sent to anybody
  asker.io.run();
  ASSERT_EQ(asker.replies.size(), 1u);
  EXPECT_EQ(asker.replies[0].error.substr(0, 4), "EAI_");
  EXPECT_TRUE(asker.replies[0].addresses.empty());
}

TEST(AskSystem, GivesUpAtTheDeadlineAndBeyondEightAtOnce) {
  auto gate = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened = gate->get_future().share();
  const SystemLookup stuck = [opened](const std::string&) {
    opened.wait();
    return SystemReply{};
  };
  SystemAsker asker;
  const auto deadline = Clock::now() + 300ms;
  for (int i = 0; i < 8; ++i) asker.ask("db.example", deadline, stuck);
  asker.ask("db.example", Clock::now() + 60s, stuck);
  asker.io.run_one();
  ASSERT_EQ(asker.replies.size(), 1u);
  EXPECT_TRUE(asker.replies[0].gave_up);
  EXPECT_LT(Clock::now(), deadline) << "the ninth waits for nobody";
  asker.io.run();
  ASSERT_EQ(asker.replies.size(), 9u);
  for (const SystemReply& reply : asker.replies) EXPECT_TRUE(reply.gave_up);
  EXPECT_LT(Clock::now() - deadline, 5s);

  gate->set_value();  // and the threads are given back
  const auto limit = Clock::now() + 10s;
  asker.replies.clear();
  while (Clock::now() < limit && (asker.replies.empty() || asker.replies.back().gave_up)) {
    asker.ask("127.0.0.1", Clock::now() + 5s);
    asker.io.restart();
    asker.io.run();
  }
  EXPECT_FALSE(asker.replies.back().gave_up);
}

TEST(AskSystem, AThreadMayOutliveTheExecutor) {
  auto gate = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<void>>();
  const std::shared_future<void> opened = gate->get_future().share();
  auto in_handler = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = in_handler;
  {
    asio::io_context io;
    ask_system(
        "db.example", Clock::now() + 60s, io.get_executor(),
        [held = std::move(in_handler)](SystemReply) { FAIL() << "the executor is gone"; },
        [opened, ended](const std::string&) {
          opened.wait();
          ended->set_value();
          return SystemReply{};
        });
    io.run_for(1ms);
  }
  EXPECT_TRUE(watched.expired())
      << "what the handler holds goes with the executor, not with the thread";
  gate->set_value();
  ended->get_future().wait();
}

}  // namespace
}  // namespace plumb::net

#include "probe/net/address_slots.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace plumb::net {
namespace {

struct Load {
  int now = 0, most = 0;
  std::vector<int> order;
};

net::awaitable<void> hold(asio::io_context& io, AddressSlots& slots, Address address, Load& load,
                          int id) {
  const AddressSlots::Slot slot = co_await slots.take(io.get_executor(), address);
  load.order.push_back(id);
  load.most = std::max(load.most, ++load.now);
  net::Timer pause(io, std::chrono::milliseconds(1));
  co_await pause.async_wait(net::use_awaitable);
  --load.now;
}

TEST(AddressSlots, LimitsOneAddressAndServesInOrder) {
  asio::io_context io;
  AddressSlots slots(2);
  Load load;
  const Address address = *Address::parse("10.0.0.1");
  for (int i = 0; i < 7; ++i) asio::co_spawn(io, hold(io, slots, address, load, i), asio::detached);
  io.run();
  EXPECT_EQ(load.most, 2);
  EXPECT_EQ(load.order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(AddressSlots, AddressesDoNotWaitForOneAnother) {
  asio::io_context io;
  AddressSlots slots(1);
  Load load;
  for (int i = 0; i < 3; ++i) {
    const Address address = Address::v4({10, 0, 0, static_cast<std::uint8_t>(i)});
    asio::co_spawn(io, hold(io, slots, address, load, i), asio::detached);
  }
  io.run();
  EXPECT_EQ(load.most, 3);
}

net::awaitable<void> hurry(asio::io_context& io, AddressSlots& slots, Address address, bool& came) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
  const AddressSlots::Slot slot = co_await slots.take(io.get_executor(), address, limit);
  came = slot.taken();
}

net::awaitable<void> occupy(asio::io_context& io, AddressSlots& slots, Address address) {
  const AddressSlots::Slot slot = co_await slots.take(io.get_executor(), address);
  net::Timer pause(io, std::chrono::milliseconds(50));
  co_await pause.async_wait(net::use_awaitable);
}

TEST(AddressSlots, WhoeverWaitsInVainLeavesTheQueue) {
  asio::io_context io;
  AddressSlots slots(1);
  const Address address = *Address::parse("10.0.0.1");
  Load load;
  bool came = true;
  asio::co_spawn(io, occupy(io, slots, address), asio::detached);
  asio::co_spawn(io, hurry(io, slots, address, came), asio::detached);
  asio::co_spawn(io, hold(io, slots, address, load, 7), asio::detached);
  io.run();
  EXPECT_FALSE(came);
  EXPECT_EQ(load.order, (std::vector<int>{7})) << "the place goes to who still waits";
}

std::vector<std::chrono::milliseconds> begun_at(AddressSlots& slots, int count, bool stop = false) {
  asio::io_context io;
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::chrono::milliseconds> times;
  const auto come = [&]() -> net::awaitable<void> {
    const AddressSlots::Slot slot =
        co_await slots.take(io.get_executor(), *Address::parse("10.0.0.1"));
    times.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began));
  };
  for (int i = 0; i < count; ++i) asio::co_spawn(io, come, asio::detached);
  if (stop) asio::post(io, [&] { slots.stop(); });
  io.run();
  return times;
}

TEST(AddressSlots, ARateLetsABurstGoAndSpacesTheRest) {
  AddressSlots slots(100, 40);  // ten at once, then one in 25 ms
  const auto times = begun_at(slots, 13);
  ASSERT_EQ(times.size(), 13U);
  EXPECT_LT(times[9].count(), 20);
  EXPECT_GE(times[12].count(), 3 * 25);
}

TEST(AddressSlots, AnInterruptEndsTheSpacing) {
  AddressSlots slots(100, 1);
  const auto times = begun_at(slots, 20, true);
  ASSERT_EQ(times.size(), 20U);
  EXPECT_LT(times.back().count(), 900);
}

net::awaitable<void> visit(asio::io_context& io, AddressSlots& slots, int count, int& most,
                           std::atomic<int>& inside) {
  for (int i = 0; i < count; ++i) {
    const AddressSlots::Slot slot =
        co_await slots.take(io.get_executor(), *Address::parse("10.0.0.1"));
    most = std::max(most, ++inside);
    net::Timer pause(io, std::chrono::microseconds(50));
    co_await pause.async_wait(net::use_awaitable);
    --inside;
  }
}

TEST(AddressSlots, AreTheSameForAllShards) {
  AddressSlots slots(2);
  std::atomic<int> inside{0};
  std::vector<int> most(3);
  std::vector<std::thread> shards;
  for (int& mine : most)
    shards.emplace_back([&slots, &inside, &mine] {
      asio::io_context io{1};
      for (int i = 0; i < 3; ++i)
        asio::co_spawn(io, visit(io, slots, 100, mine, inside), asio::detached);
      io.run();
    });
  for (std::thread& shard : shards) shard.join();
  EXPECT_EQ(*std::ranges::max_element(most), 2);
  EXPECT_EQ(inside, 0);
}

}  // namespace
}  // namespace plumb::net

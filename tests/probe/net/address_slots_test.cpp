#include "probe/net/address_slots.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace plumb::net {
namespace {

struct Load {
  int now = 0, most = 0;
  std::vector<int> order;
};

asio::awaitable<void> hold(asio::io_context& io, AddressSlots& slots, Address address, Load& load,
                           int id) {
  const AddressSlots::Slot slot = co_await slots.take(address);
  load.order.push_back(id);
  load.most = std::max(load.most, ++load.now);
  asio::steady_timer pause(io, std::chrono::milliseconds(1));
  co_await pause.async_wait(asio::use_awaitable);
  --load.now;
}

TEST(AddressSlots, LimitsOneAddressAndServesInOrder) {
  asio::io_context io;
  AddressSlots slots(io.get_executor(), 2);
  Load load;
  const Address address = *Address::parse("10.0.0.1");
  for (int i = 0; i < 7; ++i) asio::co_spawn(io, hold(io, slots, address, load, i), asio::detached);
  io.run();
  EXPECT_EQ(load.most, 2);
  EXPECT_EQ(load.order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(AddressSlots, AddressesDoNotWaitForOneAnother) {
  asio::io_context io;
  AddressSlots slots(io.get_executor(), 1);
  Load load;
  for (int i = 0; i < 3; ++i) {
    const Address address = Address::v4({10, 0, 0, static_cast<std::uint8_t>(i)});
    asio::co_spawn(io, hold(io, slots, address, load, i), asio::detached);
  }
  io.run();
  EXPECT_EQ(load.most, 3);
}

asio::awaitable<void> hurry(AddressSlots& slots, Address address, bool& came) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
  const AddressSlots::Slot slot = co_await slots.take(address, limit);
  came = slot.taken();
}

asio::awaitable<void> occupy(asio::io_context& io, AddressSlots& slots, Address address) {
  const AddressSlots::Slot slot = co_await slots.take(address);
  asio::steady_timer pause(io, std::chrono::milliseconds(50));
  co_await pause.async_wait(asio::use_awaitable);
}

TEST(AddressSlots, WhoeverWaitsInVainLeavesTheQueue) {
  asio::io_context io;
  AddressSlots slots(io.get_executor(), 1);
  const Address address = *Address::parse("10.0.0.1");
  Load load;
  bool came = true;
  asio::co_spawn(io, occupy(io, slots, address), asio::detached);
  asio::co_spawn(io, hurry(slots, address, came), asio::detached);
  asio::co_spawn(io, hold(io, slots, address, load, 7), asio::detached);
  io.run();
  EXPECT_FALSE(came);
  EXPECT_EQ(load.order, (std::vector<int>{7})) << "the place goes to who still waits";
}

}  // namespace
}  // namespace plumb::net

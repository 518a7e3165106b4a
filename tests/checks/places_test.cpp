#include "checks/places.hpp"

#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;

TEST(NamePlaces, NamesAFewAndCountsMany) {
  EXPECT_EQ(name_places({}, 0), "");
  EXPECT_EQ(name_places({"a:1"}, 1), "a:1");
  EXPECT_EQ(name_places({"a:1", "b:1", "a:1"}, 2), "a:1 and b:1");
  EXPECT_EQ(name_places({"a:1", "b:1", "c:1"}, 3), "a:1, b:1 and c:1");
  EXPECT_EQ(name_places({"a:1", "b:1", "c:1", "d:1"}, 4), "all 4 addresses");
  EXPECT_EQ(name_places({"a:1", "b:1", "c:1", "d:1"}, 6), "4 of 6 addresses");
  EXPECT_EQ(name_places({"a:1", "b:1", "c:1", "d:1"}, 0), "4 addresses");
}

TEST(PlacesTried, CountsEachEndpointOnce) {
  EXPECT_EQ(places_tried(CaseBuilder("h:1").resolved({"10.0.0.1"}).build()), 0U);
  EXPECT_EQ(places_tried(CaseBuilder("h:1")
                             .connect("10.0.0.1:1")
                             .timed_out("10.0.0.1:1")
                             .timed_out("10.0.0.2:1")
                             .build()),
            2U);
}

}  // namespace
}  // namespace plumb

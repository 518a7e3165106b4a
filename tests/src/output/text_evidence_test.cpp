#include "src/output/text_evidence.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "src/output/columns.hpp"
#include "tests/support/sample_evidence.hpp"

namespace plumb::output {
namespace {

TEST(EvidenceTable, EveryLineIsAsWideAsAsked) {
  Evidence evidence;
  evidence.add(test::resolved("db", std::vector<std::string>(20, "2001:db8:1234:5678::10")));
  evidence.add(test::connected("[2001:db8:1234:5678:9abc:def0:1234:5678]:4000", 1, 12));
  evidence.add(test::silent("数据库数据库数据库数据库数据库数据库", 1));
  for (const std::size_t width : {64U, 80U, 132U}) {
    std::istringstream table(evidence_table(evidence, width));
    int count = 0;
    for (std::string line; std::getline(table, line); ++count)
      EXPECT_EQ(display_width(line), width) << line;
    EXPECT_EQ(count, 4);
  }
}

TEST(EvidenceTable, NumbersAreThoseTheVerdictRefersTo) {
  Evidence evidence;
  for (int i = 0; i < 120; ++i) evidence.add(test::connected("10.0.0.1:4000", 0, 1240));
  const std::string table = evidence_table(evidence, 80);
  EXPECT_NE(table.find("\n   1  connect   10.0.0.1:4000  connected"), std::string::npos);
  EXPECT_NE(table.find("\n  120  connect"), std::string::npos);
}

}  // namespace
}  // namespace plumb::output

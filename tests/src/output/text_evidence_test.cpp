#include "src/output/text_evidence.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "src/output/columns.hpp"
#include "tests/support/sample_evidence.hpp"

namespace plumb::output {
namespace {

TEST(EvidenceTable, LinesAreAsWideAsAskedAndEndInNoBlank) {
  Evidence evidence;
  evidence.add(test::resolved("db", std::vector<std::string>(20, "2001:db8:1234:5678::10")));
  evidence.add(test::connected("[2001:db8:1234:5678:9abc:def0:1234:5678]:4000", 1, 12));
  evidence.add(test::silent("数据库数据库数据库数据库数据库数据库", 1));
  for (const std::size_t width : {64U, 80U, 132U}) {
    std::istringstream table(evidence_table(evidence, width));
    int count = 0;
    for (std::string line; std::getline(table, line); ++count) {
      const bool timed = line.ends_with("ms") || line.ends_with(" s") || line.ends_with("took");
      if (timed) {
        EXPECT_EQ(display_width(line), width) << line;
      }
      EXPECT_LE(display_width(line), width) << line;
      EXPECT_NE(line.back(), ' ') << line;
    }
    EXPECT_EQ(count, 6) << "twenty addresses take three lines and no more";
  }
  EXPECT_NE(evidence_table(evidence, 80).find("…"), std::string::npos) << "a cut shows";
}

TEST(EvidenceTable, AnAddressThatWentAsAnEarlierOneIsOneLine) {
  Evidence evidence;
  for (const std::string address : {"10.0.0.1:4000", "10.0.0.2:4000", "10.0.0.3:4000"}) {
    evidence.add(test::connected(address, 0, 1));
    evidence.add(test::greeted(address, 1));
    if (address != "10.0.0.3:4000") evidence.add(test::logged_in(address, 2));
  }
  evidence.add(test::silent("10.0.0.4:4000", 0));
  evidence.add(test::silent("10.0.0.5:4000", 0));
  const auto has = [](const std::string& table, const std::string& text) {
    return table.find(text) != std::string::npos;
  };
  const std::string table = evidence_table(evidence, 80);
  EXPECT_TRUE(has(table, "\n  4-6  to login  10.0.0.2:4000  as in 1-3")) << table;
  EXPECT_TRUE(has(table, "\n    7  connect   10.0.0.3:4000  connected")) << "it went another way";
  EXPECT_TRUE(has(table, "\n   10  connect   10.0.0.5:4000  no answer")) << "one step stays one";
  EXPECT_TRUE(has(evidence_table(evidence, 80, true), "\n   6  login     10.0.0.2:4000"));
}

TEST(EvidenceTable, NumbersAreThoseTheVerdictRefersTo) {
  Evidence evidence;
  for (int i = 0; i < 120; ++i) evidence.add(test::connected("10.0.0.1:4000", 0, 1240));
  const std::string table = evidence_table(evidence, 80);
  EXPECT_NE(table.find("\n    1  connect   10.0.0.1:4000  connected"), std::string::npos);
  EXPECT_NE(table.find("\n  120  connect"), std::string::npos);
}

}  // namespace
}  // namespace plumb::output

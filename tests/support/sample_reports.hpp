// Hand-made reports, one per kind of story a user meets: the golden files of every format are made
// of them.
#pragma once

#include <string_view>
#include <vector>

#include "probe/model/diagnosis.hpp"

namespace plumb::test {

struct Sample {
  std::string_view name;  // of the golden file
  Report report;
};

const std::vector<Sample>& sample_reports();
const Report& sample(std::string_view name);  // throws on an unknown name

// Three names that one silent resolver keeps from resolving, and a target that is well.
std::vector<Report> dead_resolver_fleet();

// A report whose every text is hostile: terminal escapes, markup, line breaks, bytes that are not
// UTF-8.
Report hostile_report();

}  // namespace plumb::test

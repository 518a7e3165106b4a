// The report as JSON, for the formats json and jsonl, and for whatever stores reports.
#pragma once

#include "src/output/facts_json.hpp"
#include "src/output/summary.hpp"

namespace plumb::output {

std::string report_line(const Report& report);  // plumb.report/1, without a line's end
Json report_to_json(const Report& report);
Json summary_to_json(const Summary& summary);  // plumb.summary/1

}  // namespace plumb::output

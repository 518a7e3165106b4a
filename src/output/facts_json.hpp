// Facts as JSON and back: shared by the reports and by the evidence file.
//
// The six types of a Value survive the way there and back without a table of keys: a double is
// always written with a decimal point or exponent, an integer never. Only an empty list does not
// show what it was a list of; there the key decides (tls.chain holds rows). A double that is not
// finite has no JSON form and is left out.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/observation.hpp"
#include "src/output/json_text.hpp"

namespace plumb::output {

using Json = nlohmann::ordered_json;

enum class Doubles { rounded, exact };  // reports: three decimals; evidence: as measured

void write_facts(JsonText& out, const Facts& facts, Doubles doubles);
// On a miss `error` says which fact and why.
std::optional<Facts> facts_from_json(const Json& json, std::string& error);

// The observations of a report or an evidence file.
void write_observations(JsonText& out, const Evidence& evidence, Doubles doubles);

// One line, or indented by two; bytes that are not UTF-8 become U+FFFD, never an exception.
std::string dump_line(const Json& json);
std::string dump_pretty(const Json& json);

}  // namespace plumb::output

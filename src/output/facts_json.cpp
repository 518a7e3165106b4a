#include "src/output/facts_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kTextLimit = 65536;
constexpr std::size_t kNameLimit = 100;

Json value_to_json(const Value& value, Doubles doubles) {
  return std::visit(
      [&](const auto& held) -> Json {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::vector<Facts>>) {
          Json rows = Json::array();
          for (const Facts& row : held) rows.push_back(facts_to_json(row, doubles));
          return rows;
        } else if constexpr (std::is_same_v<T, double>) {
          return doubles == Doubles::rounded ? std::round(held * 1000) / 1000 : held;
        } else {
          return held;
        }
      },
      value);
}

bool well_named(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
         });
}

std::optional<Value> list_from_json(std::string_view name, const Json& json, std::string& error) {
  const bool rows = json.empty() ? name == key::tls_chain.name : json.front().is_object();
  std::vector<Facts> facts;
  std::vector<std::string> texts;
  for (const Json& item : json) {
    if (rows ? !item.is_object() : !item.is_string()) {
      error = fmt::format("fact {}: a list holds texts or objects, not {}", name, item.type_name());
      return std::nullopt;
    }
    if (!rows) {
      texts.push_back(printable(item.get_ref<const std::string&>(), kTextLimit));
    } else if (auto row = facts_from_json(item, error)) {
      facts.push_back(std::move(*row));
    } else {
      return std::nullopt;
    }
  }
  return rows ? Value(std::move(facts)) : Value(std::move(texts));
}

std::optional<Value> value_from_json(std::string_view name, const Json& json, std::string& error) {
  if (json.is_boolean()) return Value(json.get<bool>());
  if (json.is_number_float()) return Value(json.get<double>());
  if (json.is_string()) return Value(printable(json.get_ref<const std::string&>(), kTextLimit));
  if (json.is_array()) return list_from_json(name, json, error);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > kMost) {
    error = fmt::format("fact {}: the number is too large", name);
    return std::nullopt;
  }
  if (json.is_number_integer()) return Value(json.get<std::int64_t>());
  error = fmt::format("fact {}: {} is no type of a fact", name, json.type_name());
  return std::nullopt;
}

}  // namespace

Json facts_to_json(const Facts& facts, Doubles doubles) {
  Json out = Json::object();
  for (const auto& [name, value] : facts) {
    const double* real = std::get_if<double>(&value);
    if (!real || std::isfinite(*real)) out[name] = value_to_json(value, doubles);
  }
  return out;
}

std::optional<Facts> facts_from_json(const Json& json, std::string& error) {
  if (!json.is_object()) {
    error = fmt::format("facts must be an object, not {}", json.type_name());
    return std::nullopt;
  }
  Facts facts;
  for (const auto& [name, held] : json.items()) {
    if (!well_named(name)) {
      error = fmt::format("'{}' is no name of a fact", printable(name, kNameLimit));
      return std::nullopt;
    }
    auto value = value_from_json(name, held, error);
    if (!value) return std::nullopt;
    facts.set_raw(name, std::move(*value));
  }
  return facts;
}

Json evidence_to_json(const Evidence& evidence, Doubles doubles) {
  Json out = Json::array();
  for (const Observation& seen : evidence.observations) {
    Json row{{"n", seen.n}, {"after", seen.after}, {"phase", to_string(seen.phase)}};
    if (!seen.endpoint.empty()) row["endpoint"] = seen.endpoint;
    if (!seen.resolver.empty()) row["resolver"] = seen.resolver;
    row["took_ms"] = in_ms(seen.took);
    if (seen.failure) row["failure"] = to_string(*seen.failure);
    if (!seen.raw.empty()) row["raw"] = seen.raw;
    row["facts"] = facts_to_json(seen.facts, doubles);
    out.push_back(std::move(row));
  }
  return out;
}

std::string dump_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace plumb::output
